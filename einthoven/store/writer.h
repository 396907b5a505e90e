// Writing of a packed store: bounded memory, resumable, complete or not there at all.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/store/sample_type.h"

namespace einthoven::store {

/// What all segments of a store share.
struct StoreLayout {
  std::vector<std::string> leads;
  double rate_hz = 0;
  SampleType type = SampleType::float32;
  std::int64_t segment_samples = 0;                      ///< 0: lengths differ, shards are flat
  std::uint64_t shard_bytes = std::uint64_t{256} << 20;  ///< a shard is closed once it is larger
  std::string patient_salt;   ///< put before patient identifiers before they are hashed; not kept
  std::string options_json;   ///< kept in the index: how the store was made
  bool resumable = true;      ///< false: never continue an interrupted run, start again
  std::string part;           ///< "3/8": one of several runs over the same list; or empty
  std::string inputs_digest;  ///< names the undivided list of inputs; decides what can be resumed
};

/// A statement about a recording, e.g. {"dx", "426783006", 1} or {"scp", "NORM", 100}.
struct LabelEntry {
  std::string kind;
  std::string name;
  double value = 1;

  bool operator==(const LabelEntry&) const = default;
};

/// What the index keeps of one recording.
struct RecordEntry {
  std::int64_t idx = 0;  ///< position in the list of inputs
  std::string name;      ///< unique
  std::string source;
  std::string dataset;
  std::string path;     ///< relative to the corpus
  std::string patient;  ///< identifier as in the corpus; only its salted hash is kept; may be empty
  double sample_rate = 0;        ///< original, Hz
  std::int64_t sample_size = 0;  ///< original, per lead
  std::vector<double> mean;      ///< per lead, as subtracted; empty: not standardised
  std::vector<double> deviation;
  std::string digest;  ///< of the signal files (imports: of the samples), see Xxh128
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, std::string>> fields;  ///< e.g. {"age", "56"}
  std::vector<LabelEntry> labels;
  std::vector<std::pair<std::string, std::string>> splits;  ///< e.g. {"strat_fold", "3"}
};

/// Salted hash of a patient identifier, 16 hexadecimal digits.
std::string patient_key(std::string_view salt, std::string_view patient);

struct Contents {
  std::int64_t records = 0;
  std::int64_t segments = 0;
  std::int64_t too_short = 0;    ///< recordings without a segment
  std::int64_t quarantined = 0;  ///< see quarantine.csv in the store
};

/// Appends recordings to NAME.partial; finish() makes it NAME. Work is committed shard by shard:
/// a writer that is opened again after a crash with the same layout and inputs continues after the
/// last complete shard, and the finished store has the same bytes.
class Writer {
 public:
  /// Usage error if `folder` exists already: stores are never changed in place.
  Writer(fs::path folder, StoreLayout layout);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Number of inputs (recordings and quarantined ones) that an interrupted run has completed.
  std::int64_t inputs_done() const;
  /// What these inputs have become.
  Contents contents() const;

  /// Adds the next input. A recording may have no segments (too short).
  void append(const RecordEntry& record, const PackedSegments& segments);
  /// The next input is unusable.
  void quarantine(std::int64_t idx, std::string_view path, std::string_view reason);
  /// Closes the last shard, writes index.sqlite and quarantine.csv and renames the folder.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace einthoven::store
