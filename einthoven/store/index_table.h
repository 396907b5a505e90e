// Columns of the index of a store, by recording: fields, folds, labels.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::store {

/// A text per recording; empty where there is none.
class IndexColumn {
 public:
  const std::string& at(std::int64_t idx) const;
  void set(std::int64_t idx, std::string value) { values_[idx] = std::move(value); }
  bool empty() const { return values_.empty(); }

 private:
  std::unordered_map<std::int64_t, std::string> values_;
};

/// `source`, `dataset`, `name`, a name in `fields`, or a scheme in `splits`. Data error naming the
/// columns there are if it is none of them.
IndexColumn read_index_column(const fs::path& store, const std::string& name);

/// Names of all fields that recordings of the store have.
std::vector<std::string> index_field_names(const fs::path& store);

/// "True" for recordings with a note of preprocessing that a lead was absent or had invalid
/// samples, or was constant: what meta.csv of the reference calls nan_any and constant_leads_any.
enum class NotedFault { invalid, constant };
IndexColumn read_noted(const fs::path& store, NotedFault fault);

/// One label of a recording.
struct IndexLabel {
  std::int64_t idx = 0;
  std::string name;
  double value = 1;
};

/// All labels of a kind ("dx", "scp", "superclass"), by recording.
std::vector<IndexLabel> read_index_labels(const fs::path& store, const std::string& kind);
/// The kinds of labels that a store has.
std::vector<std::string> index_label_kinds(const fs::path& store);

/// Who every recording is of, in order.
struct IndexRecord {
  std::int64_t idx = 0;
  std::string name;
  std::string source;   ///< corpus
  std::string patient;  ///< salted hash; empty: not known
  std::string digest;   ///< of the signal files
};
std::vector<IndexRecord> read_index_records(const fs::path& store);

/// Numbers for `store info`.
struct StoreSummary {
  std::int64_t records = 0;
  std::int64_t segments = 0;
  std::int64_t shards = 0;
  std::int64_t patients = 0;
  std::int64_t quarantined = 0;
  std::vector<std::pair<std::string, std::int64_t>> datasets;  ///< name, recordings
  std::vector<std::pair<std::string, std::int64_t>> labels;    ///< "kind: name", recordings
  std::string options_json;
};
StoreSummary summarise(const fs::path& store);

}  // namespace einthoven::store
