#include "einthoven/data/mat_source.h"

#include <fmt/core.h>

#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"

namespace einthoven::data {
namespace {

std::optional<std::int64_t> optional_int(const format::MatFile& file, std::string_view name) {
  const format::MatVariable* variable = file.find(name);
  if (variable == nullptr || variable->count() == 0) return std::nullopt;
  return variable->as_int64().front();
}

/// A list with a number for each label.
std::vector<std::int64_t> label_list(const format::MatFile& file, std::string_view name,
                                     std::size_t labels) {
  const format::MatVariable* variable = file.find(name);
  if (variable == nullptr) return {};
  auto values = variable->as_int64();
  if (values.size() != labels)
    throw data_error(file.source, name,
                     fmt::format("got {} numbers, want {} (one per label)", values.size(), labels));
  return values;
}

}  // namespace

StoredSignal stored_fields(const format::MatFile& file) {
  StoredSignal stored;
  stored.idx = optional_int(file, "idx");
  stored.patient_id = optional_int(file, "patient_id");
  if (const auto* label = file.find("label"); label != nullptr)
    for (const double value : label->as_double()) stored.label.push_back(static_cast<float>(value));
  stored.target_idx = label_list(file, "target_idx", stored.label.size());
  if (!stored.target_idx.empty())
    stored.attribute_id = label_list(file, "attribute_id", stored.label.size());
  return stored;
}

MatSource::MatSource(fs::path root, std::vector<std::string> paths,
                     std::vector<std::int64_t> lengths)
    : root_(std::move(root)), paths_(std::move(paths)), lengths_(std::move(lengths)) {}

StoredSignal MatSource::read(std::size_t i) const {
  const format::MatFile file = format::read_mat(root_ / paths_[i]);
  const format::MatVariable& feats = file.at("feats");
  if (feats.dims.size() != 2 || feats.count() == 0)
    throw data_error(name(i), "feats", "is not a matrix of leads and samples");
  StoredSignal stored = stored_fields(file);
  stored.signal.leads = feats.rows();
  stored.signal.length = feats.columns();
  stored.signal.values = feats.as_float_rows();
  if (const auto* rate = file.find("curr_sample_rate"); rate != nullptr && rate->count() > 0)
    stored.rate_hz = rate->as_double().front();
  return stored;
}

}  // namespace einthoven::data
