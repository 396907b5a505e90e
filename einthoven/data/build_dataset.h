// From the options of a task to a dataset and the way its items become batches.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/data/augmentation.h"
#include "einthoven/data/collate.h"
#include "einthoven/data/dataset.h"
#include "einthoven/data/signal_source.h"
#include "einthoven/data/three_kg.h"

namespace einthoven::data {

enum class DatasetKind {
  file,            ///< every manifest row is an item
  cmsc,            ///< pairs of adjacent segments of one recording (CLOCS, Kiyasseh et al. 2021)
  three_kg,        ///< two 3KG views of a row
  simclr,          ///< two augmented views of a row
  identification,  ///< rows with a patient index as class
};

struct DatasetRequest {
  /// A folder with `<split>.tsv` manifests (of .mat files or of a store), or a packed store itself,
  /// whose rows of the split are then used.
  fs::path data;
  std::string split;  ///< e.g. "train"; augmented if "train" is part of it
  DatasetKind kind = DatasetKind::file;
  std::optional<RecordingRows> recordings;

  std::optional<double> sample_rate_hz;      ///< required of every signal; none or <= 0: any
  std::optional<std::string> leads_to_load;  ///< list of lead names or numbers, "[0, 1, 'V5']"
  std::optional<std::string> leads_bucket;   ///< keep one of these leads, drawn uniformly
  bool pad_leads = false;                    ///< put the leads into 12 rows, others zero
  bool clean = false;                        ///< remove drift and hum, see CleanedDataset
  bool normalize = false;
  std::optional<fs::path> mean_path;  ///< one number per line and lead
  std::optional<fs::path> std_path;

  bool pad = false;  ///< pad to the longest of a batch, else crop to the shortest
  std::optional<std::int64_t> max_sample_size;  ///< longer signals are cropped at random
  std::optional<std::int64_t> min_sample_size;  ///< shorter rows are left out
  std::int64_t num_batch_buckets = 0;           ///< pad lengths up to this many sizes
  std::optional<PrecomputedMasks> masks;        ///< make span masks while collating

  AugmentationOptions augmentation;
  ThreeKgOptions three_kg;
  bool keep_original = false;  ///< also give the signal before augmentation

  bool with_label = false;             ///< give class labels
  std::optional<fs::path> label_file;  ///< .npy [rows, classes] indexed by the `idx` of a signal
  /// CMSC: pairs share the patient instead of the recording index, where patients are known
  bool pair_by_patient = false;

  std::uint64_t seed = 1;
};

/// usage, config, data or io error that names the option or file at fault.
std::unique_ptr<Dataset> build_dataset(const DatasetRequest& request);

/// How items of that dataset become batches.
CollateOptions collate_options(const DatasetRequest& request, const Dataset& dataset);

}  // namespace einthoven::data
