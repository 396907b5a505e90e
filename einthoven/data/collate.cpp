#include "einthoven/data/collate.h"

#include <ATen/ops/empty.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"

namespace einthoven::data {
namespace {

std::vector<const Sample*> rows_of(const std::vector<Item>& items) {
  std::vector<const Sample*> rows;
  for (const Item& item : items)
    for (const Sample& sample : item) rows.push_back(&sample);
  return rows;
}

/// Signals longer than a batch begin here; the same place serves `source` and `original`.
std::vector<std::int64_t> draw_crops(const std::vector<Item>& items, std::int64_t length,
                                     const CollateOptions& options, const Context& context) {
  std::vector<std::int64_t> starts;
  for (const Item& item : items) {
    if (item.empty()) continue;
    RandomStream random(options.seed, "crop", static_cast<std::uint64_t>(context.epoch),
                        static_cast<std::uint64_t>(item.front().id));
    for (const Sample& sample : item) {
      const std::int64_t spare = sample.source.length - length;
      starts.push_back(spare > 0 ? random.randint(0, spare + 1) : 0);
    }
  }
  return starts;
}

std::int64_t batch_length(const std::vector<const Sample*>& rows, const CollateOptions& options) {
  const auto [shortest, longest] = std::minmax_element(
      rows.begin(), rows.end(),
      [](const Sample* a, const Sample* b) { return a->source.length < b->source.length; });
  std::int64_t length = options.pad ? (*longest)->source.length : (*shortest)->source.length;
  if (options.max_sample_size) length = std::min(length, *options.max_sample_size);
  if (options.pad) {
    const auto& sizes = options.bucket_sizes;
    const auto bucket = std::lower_bound(sizes.begin(), sizes.end(), length);
    if (bucket != sizes.end()) length = *bucket;
  }
  return length;
}

using SignalOf = std::function<const Signal&(const Sample&)>;

at::Tensor stack_signals(const std::vector<const Sample*>& rows, std::int64_t length,
                         const std::vector<std::int64_t>& starts, const SignalOf& signal_of) {
  const std::int64_t leads = rows.front()->source.leads;
  const auto count = static_cast<std::int64_t>(rows.size());
  at::Tensor stacked = at::empty({count, leads, length}, at::TensorOptions().dtype(at::kFloat));
  auto* out = stacked.mutable_data_ptr<float>();
  for (std::size_t b = 0; b < rows.size(); ++b) {
    const Signal& signal = signal_of(*rows[b]);
    if (signal.leads != leads)
      throw data_error(
          "batch", "leads",
          fmt::format("signals of one batch differ in leads (got {} and {})", signal.leads, leads));
    const std::int64_t copied = std::min(length, signal.length);
    for (std::int64_t l = 0; l < leads; ++l, out += length) {
      std::copy_n(signal.lead(l).data() + starts[b], copied, out);
      std::fill(out + copied, out + length, 0.0f);
    }
  }
  return stacked;
}

at::Tensor padding_mask(const std::vector<const Sample*>& rows, const at::Tensor& source) {
  at::Tensor mask = at::empty(source.sizes(), at::TensorOptions().dtype(at::kBool));
  auto* out = mask.mutable_data_ptr<bool>();
  const std::int64_t length = source.size(2);
  for (const Sample* row : rows)
    for (std::int64_t l = 0; l < source.size(1); ++l, out += length) {
      const std::int64_t valid = std::min(length, row->source.length);
      std::fill(out, out + valid, false);
      std::fill(out + valid, out + length, true);
    }
  return mask;
}

/// One number of each row, or an undefined tensor if the rows lack it.
at::Tensor stack_numbers(const std::vector<const Sample*>& rows,
                         const std::function<std::optional<std::int64_t>(const Sample&)>& number) {
  if (!number(*rows.front())) return {};
  at::Tensor stacked =
      at::empty({static_cast<std::int64_t>(rows.size())}, at::TensorOptions().dtype(at::kLong));
  auto* out = stacked.mutable_data_ptr<std::int64_t>();
  for (const Sample* row : rows) *out++ = number(*row).value_or(-1);
  return stacked;
}

at::Tensor stack_labels(const std::vector<const Sample*>& rows) {
  const auto classes = rows.front()->label.size();
  if (classes == 0) return {};
  at::Tensor stacked =
      at::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(classes)},
                at::TensorOptions().dtype(at::kFloat));
  auto* out = stacked.mutable_data_ptr<float>();
  for (const Sample* row : rows) {
    if (row->label.size() != classes)
      throw data_error("batch", "label",
                       fmt::format("signals of one batch differ in classes (got {} and {})",
                                   row->label.size(), classes));
    out = std::copy(row->label.begin(), row->label.end(), out);
  }
  return stacked;
}

template <class T>
at::Tensor to_tensor(const std::vector<T>& values, at::ScalarType type) {
  at::Tensor tensor =
      at::empty({static_cast<std::int64_t>(values.size())}, at::TensorOptions().dtype(type));
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<T>());
  return tensor;
}

/// Labels of some heads only, a list for each row.
void add_label_lists(const std::vector<const Sample*>& rows, Batch& batch) {
  std::vector<float> labels;
  std::vector<std::int64_t> row_numbers, heads, attributes;
  for (std::size_t b = 0; b < rows.size(); ++b) {
    const Sample& row = *rows[b];
    if (row.target_idx.size() != row.label.size())
      throw data_error("batch", "target_idx",
                       "some signals list the heads of their labels, others do not");
    labels.insert(labels.end(), row.label.begin(), row.label.end());
    heads.insert(heads.end(), row.target_idx.begin(), row.target_idx.end());
    attributes.insert(attributes.end(), row.attribute_id.begin(), row.attribute_id.end());
    row_numbers.insert(row_numbers.end(), row.label.size(), static_cast<std::int64_t>(b));
  }
  batch.label = to_tensor(labels, at::kFloat);
  batch.target_row = to_tensor(row_numbers, at::kLong);
  batch.target_idx = to_tensor(heads, at::kLong);
  if (attributes.size() == heads.size()) batch.attribute_id = to_tensor(attributes, at::kLong);
}

at::Tensor make_masks(const std::vector<const Sample*>& rows, std::int64_t length,
                      const CollateOptions& options, const Context& context) {
  const PrecomputedMasks& masks = *options.masks;
  const std::int64_t tokens = std::max<std::int64_t>(0, conv_length(length, masks.conv_layers));
  const auto count = static_cast<std::int64_t>(rows.size());
  std::vector<std::int64_t> padded;
  if (options.pad)
    for (const Sample* row : rows) {
      // Tokens as the models count them: one that is partly padding is padding.
      const std::int64_t valid =
          conv_length(std::min(length, row->source.length), masks.conv_layers);
      padded.push_back(tokens - std::clamp<std::int64_t>(valid, 0, tokens));
    }
  RandomStream stream(options.seed, "span masks", static_cast<std::uint64_t>(context.epoch),
                      static_cast<std::uint64_t>(rows.front()->id));
  NumpyRandom random(stream.bits() & 0xFFFFFFFFu);
  const auto positions = span_mask(count, tokens, padded, masks.span, random);
  at::Tensor mask = at::empty({count, tokens}, at::TensorOptions().dtype(at::kBool));
  auto* out = mask.mutable_data_ptr<bool>();
  std::fill(out, out + count * tokens, false);
  for (const auto& row : positions) {
    for (const std::int64_t position : row) out[position] = true;
    out += tokens;
  }
  return mask;
}

}  // namespace

std::int64_t conv_length(std::int64_t samples,
                         const std::vector<std::pair<std::int64_t, std::int64_t>>& layers) {
  for (const auto& [kernel, stride] : layers)
    samples = samples < kernel ? 0 : (samples - kernel) / stride + 1;
  return samples;
}

std::vector<std::int64_t> bucket_sizes(std::vector<std::int64_t> sizes, std::int64_t count) {
  std::vector<std::int64_t> limits;
  if (sizes.empty()) return limits;
  std::sort(sizes.begin(), sizes.end());
  const auto last = static_cast<std::int64_t>(sizes.size()) - 1;
  for (std::int64_t k = 1; k <= count; ++k)
    limits.push_back(sizes[static_cast<std::size_t>(last * k / count)]);
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  return limits;
}

Batch collate(const std::vector<Item>& items, const CollateOptions& options,
              const Context& context) {
  const auto rows = rows_of(items);
  Batch batch;
  if (rows.empty()) return batch;
  const std::int64_t length = batch_length(rows, options);
  const auto starts = draw_crops(items, length, options, context);
  batch.source = stack_signals(rows, length, starts,
                               [](const Sample& s) -> const Signal& { return s.source; });
  if (rows.front()->original)
    batch.original = stack_signals(rows, length, starts,
                                   [](const Sample& s) -> const Signal& { return *s.original; });
  if (options.pad) batch.padding_mask = padding_mask(rows, batch.source);
  batch.id = stack_numbers(rows, [](const Sample& s) { return std::optional(s.id); });
  if (!rows.front()->target_idx.empty())
    add_label_lists(rows, batch);
  else if (rows.front()->identity)
    batch.label = stack_numbers(rows, [](const Sample& s) { return s.identity; });
  else
    batch.label = stack_labels(rows);
  batch.patient_id = stack_numbers(rows, [](const Sample& s) { return s.patient_id; });
  batch.segment = stack_numbers(rows, [](const Sample& s) { return s.segment; });
  if (options.masks) batch.mask_indices = make_masks(rows, length, options, context);
  return batch;
}

}  // namespace einthoven::data
