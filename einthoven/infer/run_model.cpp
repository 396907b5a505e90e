#include "einthoven/infer/run_model.h"

#include <torch/torch.h>

#include <algorithm>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/base/parallel.h"
#include "einthoven/base/progress.h"

namespace einthoven::infer {
namespace {

struct ReadItem {
  std::optional<Prepared> prepared;
  std::string reason;
};

ReadItem try_read(const Item& item) {
  try {
    return {item.read(), ""};
  } catch (const Error& error) {
    return {std::nullopt, error.message()};
  }
}

at::Tensor stack(const std::vector<ReadItem>& items) {
  std::vector<at::Tensor> rows;
  for (const ReadItem& item : items) {
    if (!item.prepared) continue;
    for (const data::Signal& segment : item.prepared->segments) {
      auto values = torch::from_blob(const_cast<float*>(segment.values.data()),
                                     {segment.leads, segment.length}, torch::kFloat);
      rows.push_back(values.clone());
    }
  }
  return rows.empty() ? at::Tensor() : torch::stack(rows);
}

/// Results of all segments of a group of recordings, in order.
ItemOutput forward(LoadedModel& model, const at::Tensor& source_SLT, std::int64_t batch_size) {
  std::vector<at::Tensor> logits, embeddings, attentions;
  const auto keep = [](std::vector<at::Tensor>& list, const at::Tensor& tensor) {
    if (tensor.defined()) list.push_back(tensor.to(at::kCPU, at::kFloat));
  };
  for (const at::Tensor& part : source_SLT.split(batch_size)) {
    model::Input input;
    input.source_BLT = part.to(model.device);
    input.mask = false;
    input.features_only = true;
    const model::Output output = model.model->forward(input);
    keep(logits, output.logits_BK);
    keep(embeddings, output.embedding_BD);
    if (output.saliency_BYNN.defined()) keep(attentions, attention_maximum(output.saliency_BYNN));
  }
  const auto joined = [](const std::vector<at::Tensor>& list) {
    return list.empty() ? at::Tensor() : torch::cat(list);
  };
  ItemOutput out;
  out.source_SLT = source_SLT;
  out.logits_SK = joined(logits);
  out.embedding_SD = joined(embeddings);
  out.attention_SN = joined(attentions);
  return out;
}

at::Tensor rows_of(const at::Tensor& all, std::int64_t start, std::int64_t count) {
  return all.defined() ? all.narrow(0, start, count).contiguous() : at::Tensor();
}

}  // namespace

at::Tensor attention_maximum(const at::Tensor& saliency_BYNN) {
  return saliency_BYNN.select(1, saliency_BYNN.size(1) - 1).amax(2);
}

std::vector<Failure> run_model(LoadedModel& model, const std::vector<Item>& items,
                               const RunOptions& options,
                               const std::function<void(const ItemOutput&)>& consume) {
  const torch::NoGradGuard no_grad;
  std::vector<Failure> failures;
  Progress progress("recordings", static_cast<std::int64_t>(items.size()));
  const auto group = static_cast<std::size_t>(std::max<std::int64_t>(options.batch_size, 1));
  for (std::size_t start = 0; start < items.size(); start += group) {
    const std::size_t count = std::min(group, items.size() - start);
    std::vector<ReadItem> read(count);
    parallel_for(count, thread_count(options.threads),
                 [&](std::size_t i) { read[i] = try_read(items[start + i]); });
    const at::Tensor source = stack(read);
    const ItemOutput all =
        source.defined() ? forward(model, source, options.batch_size) : ItemOutput();
    std::int64_t row = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& name = items[start + i].name;
      if (!read[i].prepared) {
        failures.push_back({name, read[i].reason});
        continue;
      }
      const auto segments = static_cast<std::int64_t>(read[i].prepared->segments.size());
      consume({name, read[i].prepared->notes, segments, rows_of(all.source_SLT, row, segments),
               rows_of(all.logits_SK, row, segments), rows_of(all.embedding_SD, row, segments),
               rows_of(all.attention_SN, row, segments)});
      row += segments;
    }
    progress.add(static_cast<std::int64_t>(count));
  }
  progress.finish();
  return failures;
}

}  // namespace einthoven::infer
