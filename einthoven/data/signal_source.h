// Where the signals of a manifest are: a tree of .mat files or a packed store.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/data/dataset.h"

namespace einthoven::data {

/// One stored signal with what is known of it.
struct StoredSignal {
  Signal signal;
  std::optional<double> rate_hz;
  std::optional<std::int64_t> idx;         ///< of the recording: row of a label file
  std::optional<std::int64_t> patient_id;  ///< a number that recordings of one patient share
  std::vector<float> label;                ///< as the file has it, or empty
  std::vector<std::int64_t> target_idx;    ///< head that each label belongs to; empty: all in order
  std::vector<std::int64_t> attribute_id;  ///< of each label, or empty
};

/// Read-only, from any thread.
class SignalSource {
 public:
  virtual ~SignalSource() = default;

  virtual std::size_t size() const = 0;
  /// Samples per lead.
  virtual std::int64_t length(std::size_t i) const = 0;
  /// data or io error naming the file.
  virtual StoredSignal read(std::size_t i) const = 0;
  /// Names a signal in messages: file or key, never a patient.
  virtual std::string name(std::size_t i) const = 0;
  /// Standard lead number of each row, -1 for other leads; empty: rows are the standard leads from
  /// lead I on.
  virtual std::vector<std::int64_t> lead_numbers() const = 0;
};

/// One side of a contrastive pair.
struct PairMember {
  std::size_t signal = 0;            ///< of the source
  std::optional<std::int64_t> lead;  ///< CMLC, CMSMLC: only this lead; CMSC: all
};

/// The rows of one manifest.
struct SourceRows {
  std::unique_ptr<SignalSource> source;
  std::vector<std::int64_t> identities;         ///< identification: class of each signal
  std::vector<std::vector<PairMember>> groups;  ///< pairs: members of each row, an even number
};

/// How recordings are read that .mat files name (`ecg_path`: a WFDB record).
struct RecordingRows {
  bool named_leads_only = false;  ///< leads that `lead` does not name become zero
  /// The first twelve leads as they stand in the file, as the reference; else the standard leads by
  /// name. MIMIC-IV-ECG stores aVF before aVL.
  bool file_order = false;
};

/// Opens a manifest, or a packed store as if a manifest listed all its segments. `recordings`: the
/// .mat files name recordings instead of holding signals. Rows shorter than
/// `min_sample_size` are left out, CMSC rows with less than two segments too. data error if none
/// is left.
SourceRows open_rows(const fs::path& manifest_or_store, std::optional<std::int64_t> min_sample_size,
                     const std::optional<RecordingRows>& recordings = std::nullopt);

}  // namespace einthoven::data
