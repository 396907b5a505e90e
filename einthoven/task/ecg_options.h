// Options of the ECG tasks: which signals are read and how they are prepared.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/config/visitor.h"
#include "einthoven/data/build_dataset.h"

namespace einthoven::task {

/// Group `task` with `_name: ecg_pretraining`; the other ECG tasks extend it.
struct PretrainingOptions {
  std::string data;
  std::optional<std::string> leads_to_load;
  std::optional<std::string> leads_bucket;
  std::string bucket_selection = "uniform";
  std::optional<std::int64_t> sample_rate;
  bool filter = false;
  bool normalize = false;
  std::optional<std::string> mean_path;
  std::optional<std::string> std_path;
  bool enable_padding = false;
  bool enable_padding_leads = false;
  std::optional<std::int64_t> max_sample_size;
  std::optional<std::int64_t> min_sample_size;
  std::int64_t num_batch_buckets = 0;
  bool precompute_mask_indices = false;
  std::optional<std::vector<std::string>> perturbation_mode;
  std::vector<double> p{1.0};
  double max_amplitude = 0.1;
  double min_amplitude = 0;
  bool dependency = true;
  double shift_ratio = 0.2;
  std::int64_t num_segment = 1;
  double max_freq = 0.2;
  double min_freq = 0.01;
  std::int64_t k = 3;
  std::string mask_leads_selection = "random";
  double mask_leads_prob = 0.5;
  std::vector<std::int64_t> mask_leads_condition{4, 5};
  bool legacy_baseline_shift = false;
  bool pair_by_patient = false;
  config::Value inferred_w2v_config;
  config::Value inferred_3kg_config;
  std::optional<std::string> criterion_name;
  void describe(config::Visitor& v);

  /// A manifest of `data`, without its kind and labels. Config error for what no data can satisfy.
  data::DatasetRequest request(const std::string& split, std::uint64_t seed) const;

 private:
  data::AugmentationOptions augmentation() const;
};

/// `_name: ecg_classification`.
struct ClassificationOptions : PretrainingOptions {
  bool path_dataset = false;
  bool legacy_lead_order = false;
  std::optional<std::string> label_file;
  bool load_specific_lead = false;
  void describe(config::Visitor& v);
};

/// `_name: ecg_identification`; the keys that repeat other groups follow them.
struct IdentificationOptions : PretrainingOptions {
  bool visualize = false;
  std::optional<std::int64_t> max_tokens_valid;
  std::optional<std::int64_t> batch_size_valid;
  bool skip_invalid_size_inputs_valid_test = false;
  std::int64_t required_batch_size_multiple = 8;
  std::int64_t seed = 1;
  std::int64_t distributed_world_size = 1;
  std::int64_t num_workers = 1;
  std::int64_t data_buffer_size = 10;
  bool fp16 = false;
  void describe(config::Visitor& v);
};

}  // namespace einthoven::task
