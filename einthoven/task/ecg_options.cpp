#include "einthoven/task/ecg_options.h"

#include <fmt/format.h>

#include "einthoven/base/error.h"
#include "einthoven/config/load.h"

namespace einthoven::task {
namespace {

/// The numbers of `inferred_3kg_config`.
struct ThreeKgGroup : data::ThreeKgOptions {
  void describe(config::Visitor& v) {
    v.field("angle", angle, "rotation in degrees");
    v.field("scale", scale, "largest scale");
    v.field("mask_ratio", mask_ratio, "share of a lead that is zeroed");
  }
};

/// Span masks made by the loader, from `inferred_w2v_config`.
struct MaskGroup : SpanMaskOptions {
  void describe(config::Visitor& v) {
    v.field("mask_prob", prob, "share of tokens in spans");
    v.field("mask_length", length, "length of a span");
    v.field("mask_selection", type, "distribution of the lengths");
    v.field("mask_other", other, "second number of that distribution");
    v.field("no_mask_overlap", no_overlap, "spans do not overlap");
    v.field("mask_min_space", min_space, "gap between spans");
    v.field("conv_feature_layers", conv_feature_layers, "(dim, kernel, stride) of each layer");
  }
  config::Value conv_feature_layers;
};

data::PrecomputedMasks masks_of(const config::Value& group) {
  if (!group.is_object())
    throw config_error("task.precompute_mask_indices: needs task.inferred_w2v_config");
  MaskGroup mask;
  mask.min_masks = 2;
  config::load(mask, group, "task.inferred_w2v_config", config::UnknownKeys::ignore);
  data::PrecomputedMasks masks{.span = static_cast<const SpanMaskOptions&>(mask),
                               .conv_layers = {}};
  for (const config::Value& layer : mask.conv_feature_layers) {
    if (!layer.is_array() || layer.size() != 3)
      throw config_error(
          "task.inferred_w2v_config.conv_feature_layers: want (dim, kernel, stride)");
    masks.conv_layers.emplace_back(layer[1].get<std::int64_t>(), layer[2].get<std::int64_t>());
  }
  return masks;
}

std::optional<fs::path> path_of(const std::optional<std::string>& text) {
  if (!text || text->empty()) return std::nullopt;
  return fs::path(*text);
}

}  // namespace

void PretrainingOptions::describe(config::Visitor& v) {
  v.field("data", data, "folder of the manifests, or a packed store", {.mandatory = true});
  v.field("leads_to_load", leads_to_load, "list of lead names or numbers to keep");
  v.field("leads_bucket", leads_bucket, "of these leads one is drawn per signal");
  v.field("bucket_selection", bucket_selection, "how it is drawn", {.choices = {"uniform"}});
  v.field("sample_rate", sample_rate, "required sample rate in Hz");
  v.field("filter", filter, "remove drift and hum while loading, as NeuroKit2");
  v.field("normalize", normalize, "standardise by mean_path and std_path");
  v.field("mean_path", mean_path, "text file with the mean of each lead");
  v.field("std_path", std_path, "text file with the deviation of each lead");
  v.field("enable_padding", enable_padding, "pad to the longest of a batch, else crop");
  v.field("enable_padding_leads", enable_padding_leads, "put the leads into 12 rows of zeros");
  v.field("max_sample_size", max_sample_size, "longer signals are cropped to this many samples");
  v.field("min_sample_size", min_sample_size, "shorter signals are left out");
  v.field("num_batch_buckets", num_batch_buckets, "pad lengths up to this many sizes");
  v.field("precompute_mask_indices", precompute_mask_indices, "make span masks while loading");
  v.field("perturbation_mode", perturbation_mode,
          "augmentations in order: random_leads_masking, powerline_noise, emg_noise, "
          "baseline_shift, baseline_wander");
  v.field("p", p, "probability of each augmentation; one value holds for all",
          {.least = 0, .most = 1});
  v.field("max_amplitude", max_amplitude, "largest amplitude of noise");
  v.field("min_amplitude", min_amplitude, "smallest amplitude of noise");
  v.field("dependency", dependency, "recompute III and the augmented leads after noise");
  v.field("shift_ratio", shift_ratio, "mean share of the signal under a baseline shift");
  v.field("num_segment", num_segment, "baseline shifts per signal");
  v.field("max_freq", max_freq, "highest frequency of baseline wander in Hz");
  v.field("min_freq", min_freq, "lowest frequency of baseline wander in Hz");
  v.field("k", k, "tones of the baseline wander");
  v.field("mask_leads_selection", mask_leads_selection, "which leads are masked",
          {.choices = {"random", "conditional"}});
  v.field("mask_leads_prob", mask_leads_prob, "random: probability of each lead");
  v.field("mask_leads_condition", mask_leads_condition,
          "conditional: how many of leads 1-6 and 7-12");
  v.field("legacy_baseline_shift", legacy_baseline_shift,
          "baseline_shift with the amplitude of fairseq-signals (sign - g)");
  v.field("pair_by_patient", pair_by_patient,
          "CMSC: recordings of one patient are no negatives, where patients are known");
  v.field("inferred_w2v_config", inferred_w2v_config, "mask options for precompute_mask_indices");
  v.field("inferred_3kg_config", inferred_3kg_config, "angle, scale and mask_ratio of 3KG views");
  v.field("criterion_name", criterion_name, "objective that the data are for",
          {.follows = "criterion._name"});
}

void ClassificationOptions::describe(config::Visitor& v) {
  PretrainingOptions::describe(v);
  v.field("path_dataset", path_dataset, "the .mat files name WFDB recordings");
  v.field("label_file", label_file, ".npy of labels [rows, classes], indexed by `idx`");
  v.field("load_specific_lead", load_specific_lead,
          "path_dataset: leads that `lead` of a .mat file does not name are zero");
  v.field("legacy_lead_order", legacy_lead_order,
          "path_dataset: leads by their place in the file and not by name, as fairseq-signals");
}

void IdentificationOptions::describe(config::Visitor& v) {
  PretrainingOptions::describe(v);
  v.field("visualize", visualize, "accepted and ignored");
  v.field("max_tokens_valid", max_tokens_valid, "samples per batch of the gallery",
          {.follows = "dataset.max_tokens_valid"});
  v.field("batch_size_valid", batch_size_valid, "signals per batch of the gallery",
          {.follows = "dataset.batch_size_valid"});
  v.field("skip_invalid_size_inputs_valid_test", skip_invalid_size_inputs_valid_test,
          "accepted and ignored", {.follows = "dataset.skip_invalid_size_inputs_valid_test"});
  v.field("required_batch_size_multiple", required_batch_size_multiple,
          "larger batches are cut to multiples of this",
          {.follows = "dataset.required_batch_size_multiple"});
  v.field("seed", seed, "seed of the run", {.follows = "common.seed"});
  v.field("distributed_world_size", distributed_world_size, "processes",
          {.follows = "distributed_training.distributed_world_size"});
  v.field("num_workers", num_workers, "loader threads", {.follows = "dataset.num_workers"});
  v.field("data_buffer_size", data_buffer_size, "batches read ahead",
          {.follows = "dataset.data_buffer_size"});
  v.field("fp16", fp16, "half precision", {.follows = "common.fp16"});
}

data::AugmentationOptions PretrainingOptions::augmentation() const {
  data::AugmentationOptions options;
  options.modes = perturbation_mode.value_or(std::vector<std::string>{});
  options.p = p;
  options.max_amplitude = max_amplitude;
  options.min_amplitude = min_amplitude;
  options.dependency = dependency;
  options.shift_ratio = shift_ratio;
  options.num_segment = num_segment;
  options.max_freq = max_freq;
  options.min_freq = min_freq;
  options.k = k;
  if (sample_rate && *sample_rate > 0) options.sample_rate_hz = static_cast<double>(*sample_rate);
  options.mask_leads_selection = mask_leads_selection;
  options.mask_leads_prob = mask_leads_prob;
  if (mask_leads_condition.size() != 2)
    throw config_error(fmt::format("task.mask_leads_condition: want two numbers, got {}",
                                   mask_leads_condition.size()));
  options.mask_leads_condition = {mask_leads_condition[0], mask_leads_condition[1]};
  options.legacy_baseline_shift = legacy_baseline_shift;
  return options;
}

data::DatasetRequest PretrainingOptions::request(const std::string& split,
                                                 std::uint64_t seed) const {
  data::DatasetRequest request;
  request.data = data;
  request.split = split;
  if (sample_rate && *sample_rate > 0) request.sample_rate_hz = static_cast<double>(*sample_rate);
  request.leads_to_load = leads_to_load;
  request.leads_bucket = leads_bucket;
  request.pad_leads = enable_padding_leads;
  request.clean = filter;
  request.normalize = normalize;
  request.mean_path = path_of(mean_path);
  request.std_path = path_of(std_path);
  request.pad = enable_padding;
  request.max_sample_size = max_sample_size;
  request.min_sample_size = min_sample_size;
  request.num_batch_buckets = num_batch_buckets;
  request.pair_by_patient = pair_by_patient;
  if (precompute_mask_indices) request.masks = masks_of(inferred_w2v_config);
  request.augmentation = augmentation();
  if (inferred_3kg_config.is_object()) {
    ThreeKgGroup views;
    config::load(views, inferred_3kg_config, "task.inferred_3kg_config");
    request.three_kg = views;
  }
  request.seed = seed;
  return request;
}

}  // namespace einthoven::task
