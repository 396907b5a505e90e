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

/// What the .mat files of a manifest hold.
enum class MatContent {
  signals,              ///< `feats`
  recording_paths,      ///< `ecg_path`: a WFDB record; all its standard leads are given
  recording_lead_paths  ///< the same; leads that `lead` does not name are zero
};

/// Opens a manifest, or a packed store as if a manifest listed all its segments. Rows shorter than
/// `min_sample_size` are left out, CMSC rows with less than two segments too. data error if none
/// is left.
SourceRows open_rows(const fs::path& manifest_or_store, std::optional<std::int64_t> min_sample_size,
                     MatContent content = MatContent::signals);

}  // namespace einthoven::data
