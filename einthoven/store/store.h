// A packed store of ECG segments, opened by memory map (docs/formats/ecgstore.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::store {

/// What the index knows of one segment. The texts live as long as the store.
struct SegmentInfo {
  std::string_view record;   ///< name of the recording, unique in the store
  std::int64_t idx = 0;      ///< row of the recording in label arrays (y.npy)
  std::int64_t number = 0;   ///< position of the segment in its recording, from 0
  std::int64_t samples = 0;  ///< per lead
  std::string_view patient;  ///< salted hash; the record's name where the patient is not known
  std::string_view source;   ///< corpus, e.g. "physionet2021"
  std::string_view dataset;  ///< part of the corpus, e.g. "georgia"
};

/// Reads segments of a folder NAME.ecgstore. Every const function may be called from any thread.
class Store {
 public:
  /// Maps the shards and loads the segment table; data error where index and arrays disagree.
  explicit Store(const fs::path& folder);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  /// Number of segments, ordered by recording and position.
  std::size_t size() const;
  const fs::path& folder() const;
  /// Canonical lead names, the rows of every segment.
  const std::vector<std::string>& leads() const;
  double rate_hz() const;
  /// "float32", "float16" or "int16".
  const std::string& dtype() const;

  SegmentInfo segment(std::size_t i) const;
  /// Row of the segment `number` of a recording.
  std::optional<std::size_t> find(std::string_view record, std::int64_t number) const;
  /// Row of the segment with the key that manifests use, "record:number"; data error if absent.
  std::size_t row_of(std::string_view key) const;

  /// Segment i as float32 `[leads][samples]`; `out` must hold exactly leads * samples values.
  /// Values are as the preprocessing left them: z-scores, or mV when it did not standardise.
  void read(std::size_t i, std::span<float> out) const;
  /// Segment i in place, `[leads][samples]`; empty unless dtype() is "float32".
  std::span<const float> view(std::size_t i) const;

  /// Compares the digest of every file with the index; data error naming the first that differs.
  void verify() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// True for a folder that holds an index of this format.
bool is_store(const fs::path& folder);

/// "record:number".
std::string segment_key(std::string_view record, std::int64_t number);

}  // namespace einthoven::store
