// A store of 1,024 segments of white noise for benchmarks.
#pragma once

#include <fmt/core.h>
#include <unistd.h>

#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/signal/lead.h"
#include "einthoven/store/writer.h"

namespace einthoven::bench {

inline constexpr std::int64_t kSegments = 1024;
inline constexpr std::int64_t kSamples = 2500;

/// In the temporary folder, removed at the end.
class NoiseStore {
 public:
  explicit NoiseStore(store::SampleType type)
      : folder_(fs::temp_directory_path() / fmt::format("einthoven_bench_{}", getpid())) {
    fs::create_directories(folder_);
    store::StoreLayout layout;
    layout.leads.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
    layout.rate_hz = 500;
    layout.type = type;
    layout.segment_samples = kSamples;
    store::Writer writer(path(), layout);
    RandomStream random(1, "bench");
    std::vector<float> samples(static_cast<std::size_t>(12 * kSamples));
    for (std::int64_t i = 0; i < kSegments; ++i) {
      for (float& sample : samples) sample = static_cast<float>(random.uniform(-1, 1));
      store::RecordEntry entry;
      entry.idx = i;
      entry.name = fmt::format("r{}", i);
      writer.append(entry, store::pack_segments(type, 12, {kSamples}, samples));
    }
    writer.finish();
  }
  ~NoiseStore() { fs::remove_all(folder_); }

  fs::path path() const { return folder_ / "noise.ecgstore"; }

 private:
  fs::path folder_;
};

}  // namespace einthoven::bench
