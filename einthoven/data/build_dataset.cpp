#include "einthoven/data/build_dataset.h"

#include <fmt/core.h>

#include <numeric>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/data/augmented.h"
#include "einthoven/data/cleaned.h"
#include "einthoven/data/cmsc_dataset.h"
#include "einthoven/data/lead_selection.h"
#include "einthoven/data/normalise.h"
#include "einthoven/data/source_dataset.h"
#include "einthoven/store/store.h"

namespace einthoven::data {
namespace {

using DatasetPointer = std::unique_ptr<Dataset>;

fs::path manifest_of(const DatasetRequest& request) {
  if (store::is_store(request.data)) return request.data;
  const fs::path manifest = request.data / (request.split + ".tsv");
  if (!fs::exists(manifest))
    throw io_error(manifest.string(),
                   fmt::format("no manifest for the split \"{}\" (task.data)", request.split));
  return manifest;
}

/// Manifest and task must be of one kind.
void check_kind(const DatasetRequest& request, const SourceRows& rows) {
  const bool pairs = request.kind == DatasetKind::cmsc;
  const bool identities = request.kind == DatasetKind::identification;
  const std::string manifest = manifest_of(request).string();
  if (pairs && rows.groups.empty())
    throw data_error(manifest, "columns",
                     "CMSC needs a manifest of segment pairs (einthoven manifest clocs)");
  if (!pairs && !rows.groups.empty())
    throw data_error(manifest, "columns", "is a manifest of segment pairs, which only CMSC uses");
  if (identities && rows.identities.empty())
    throw data_error(manifest, "columns",
                     "identification needs a manifest with patient numbers "
                     "(einthoven manifest identification)");
}

SourceFields fields_of(const DatasetRequest& request, SourceRows& rows) {
  SourceFields fields;
  fields.sample_rate_hz = request.sample_rate_hz;
  fields.label = request.with_label && request.kind != DatasetKind::identification;
  if (fields.label && request.label_file)
    fields.label_file = std::make_shared<const LabelFile>(*request.label_file);
  const bool identification = request.kind == DatasetKind::identification;
  if (identification) fields.identities = std::move(rows.identities);
  // With labels the patient is for intervals of figures alone; contrasts pair what the reference
  // pairs.
  fields.prefer_patient = request.pair_by_patient || identification || fields.label;
  return fields;
}

DatasetPointer normalise(DatasetPointer dataset, const DatasetRequest& request,
                         const std::vector<std::int64_t>& lead_rows) {
  if (!request.normalize) return dataset;
  if (!request.mean_path || !request.std_path)
    throw config_error("task.normalize: needs task.mean_path and task.std_path");
  return std::make_unique<LeadNormalise>(std::move(dataset), *request.mean_path, *request.std_path,
                                         lead_rows);
}

DatasetPointer select_leads(DatasetPointer dataset, const DatasetRequest& request,
                            const std::vector<std::int64_t>& lead_rows) {
  if (!request.leads_to_load && !request.leads_bucket && !request.pad_leads) return dataset;
  LeadChoice choice;
  choice.leads.resize(12);
  std::iota(choice.leads.begin(), choice.leads.end(), 0);
  if (request.leads_to_load)
    choice.leads = parse_lead_list(*request.leads_to_load, "leads_to_load");
  if (request.leads_bucket) choice.bucket = parse_lead_list(*request.leads_bucket, "leads_bucket");
  choice.pad = request.pad_leads;
  return std::make_unique<LeadSelection>(std::move(dataset), std::move(choice), lead_rows,
                                         request.seed);
}

/// One signal an item, as the model sees it.
DatasetPointer prepare(DatasetPointer dataset, const DatasetRequest& request,
                       const std::vector<std::int64_t>& lead_rows) {
  if (request.clean) dataset = std::make_unique<CleanedDataset>(std::move(dataset));
  dataset = normalise(std::move(dataset), request, lead_rows);
  dataset = select_leads(std::move(dataset), request, lead_rows);
  const bool training = request.split.find("train") != std::string::npos;
  if (training && !request.augmentation.modes.empty())
    dataset = std::make_unique<AugmentedDataset>(std::move(dataset), request.augmentation,
                                                 request.keep_original, request.seed);
  return dataset;
}

/// Two views of a whole 12-lead signal.
DatasetPointer prepare_views(DatasetPointer dataset, const DatasetRequest& request) {
  if (request.normalize) dataset = std::make_unique<WholeNormalise>(std::move(dataset));
  if (request.kind == DatasetKind::simclr)
    return std::make_unique<SimClrDataset>(std::move(dataset), request.augmentation, request.seed);
  return std::make_unique<ThreeKgDataset>(std::move(dataset), request.three_kg, request.seed);
}

}  // namespace

std::unique_ptr<Dataset> build_dataset(const DatasetRequest& request) {
  SourceRows rows = open_rows(manifest_of(request), request.min_sample_size, request.recordings);
  check_kind(request, rows);
  SourceFields fields = fields_of(request, rows);
  const auto lead_rows = rows.source->lead_numbers();
  DatasetPointer dataset =
      std::make_unique<SourceDataset>(std::move(rows.source), std::move(fields));
  if (request.kind == DatasetKind::simclr || request.kind == DatasetKind::three_kg)
    return prepare_views(std::move(dataset), request);
  dataset = prepare(std::move(dataset), request, lead_rows);
  if (request.kind == DatasetKind::cmsc)
    dataset = std::make_unique<CmscDataset>(std::move(dataset), std::move(rows.groups));
  return dataset;
}

CollateOptions collate_options(const DatasetRequest& request, const Dataset& dataset) {
  CollateOptions options;
  options.pad = request.pad;
  options.max_sample_size = request.max_sample_size;
  options.masks = request.masks;
  options.seed = request.seed;
  if (request.num_batch_buckets <= 0) return options;
  if (!request.pad) throw config_error("task.num_batch_buckets: needs task.enable_padding=true");
  auto sizes = lengths(dataset);
  if (request.max_sample_size)
    for (auto& size : sizes) size = std::min(size, *request.max_sample_size);
  options.bucket_sizes = bucket_sizes(std::move(sizes), request.num_batch_buckets);
  return options;
}

}  // namespace einthoven::data
