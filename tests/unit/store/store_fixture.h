// A small store with known values, for the tests of this layer.
#pragma once

#include <unistd.h>

#include <cmath>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/store/writer.h"

namespace einthoven::store::testing {

inline constexpr std::int64_t kRecords = 6;

/// A folder that is gone at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "einthoven_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Samples `[2 leads][samples]` that name their record, segment and place.
inline std::vector<float> segment_values(std::int64_t idx, std::int64_t number,
                                         std::int64_t samples) {
  std::vector<float> values(static_cast<std::size_t>(2 * samples));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = std::sin(0.1F * static_cast<float>(i)) + 0.25F * static_cast<float>(idx) -
                0.125F * static_cast<float>(number);
  return values;
}

inline float tolerance(SampleType type) {
  if (type == SampleType::float32) return 0;
  return type == SampleType::float16 ? 2e-3F : 1e-4F;
}

inline StoreLayout layout_of(SampleType type, std::int64_t segment_samples) {
  StoreLayout layout;
  layout.leads = {"I", "II"};
  layout.rate_hz = 500;
  layout.type = type;
  layout.segment_samples = segment_samples;
  layout.patient_salt = "salt";
  layout.options_json = "{}";
  return layout;
}

/// Record idx: two segments, patient p<idx / 2>; `samples` 0: lengths differ.
inline void append_record(Writer& writer, const StoreLayout& layout, std::int64_t idx) {
  RecordEntry record;
  record.idx = idx;
  record.name = "rec" + std::to_string(idx);
  record.source = "corpus";
  record.dataset = "set";
  record.path = "set/" + record.name;
  record.patient = "p" + std::to_string(idx / 2);
  record.sample_rate = 500;
  record.sample_size = 110;
  record.digest = "digest of " + record.name;
  record.labels = {{"dx", idx % 2 == 0 ? "111" : "222", 1}};
  record.splits = {{"fold", std::to_string(idx % 3)}};
  std::vector<std::int64_t> lengths;
  std::vector<float> values;
  for (std::int64_t number = 0; number < 2; ++number) {
    lengths.push_back(layout.segment_samples > 0 ? layout.segment_samples : 30 + idx + number);
    const auto segment = segment_values(idx, number, lengths.back());
    values.insert(values.end(), segment.begin(), segment.end());
  }
  writer.append(record, pack_segments(layout.type, 2, lengths, values));
}

inline void write_store(const fs::path& folder, const StoreLayout& layout) {
  Writer writer(folder, layout);
  for (std::int64_t idx = 0; idx < kRecords; ++idx) append_record(writer, layout, idx);
  writer.finish();
}

}  // namespace einthoven::store::testing
