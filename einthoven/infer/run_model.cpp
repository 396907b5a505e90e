#include "einthoven/infer/run_model.h"

#include <torch/torch.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "einthoven/base/error.h"
#include "einthoven/base/parallel.h"
#include "einthoven/base/progress.h"
#include "einthoven/distributed/parcel.h"
#include "einthoven/distributed/share_out.h"
#include "einthoven/infer/forward_graph.h"
#include "einthoven/nn/on_device.h"

namespace einthoven::infer {
namespace {

using Json = nlohmann::json;

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

/// The model on one batch; on whole batches by a graph if asked for.
class ForwardPass {
 public:
  ForwardPass(LoadedModel& model, const RunOptions& options) : model_(model), options_(options) {}

  model::Output operator()(const at::Tensor& batch_BLT) {
    model::Input input;
    input.source_BLT = nn::on_device(batch_BLT, model_.device);
    if (options_.cuda_graphs && batch_BLT.size(0) == options_.batch_size) {
      if (!graph_ || !graph_->fits(input.source_BLT))
        graph_ = std::make_unique<ForwardGraph>(*model_.model, input.source_BLT);
      return graph_->replay(input.source_BLT);
    }
    input.mask = false;
    input.features_only = true;
    return model_.model->forward(input);
  }

 private:
  LoadedModel& model_;
  const RunOptions& options_;
  std::unique_ptr<ForwardGraph> graph_;
};

/// Results of all segments of a group of recordings, in order.
ItemOutput forward(ForwardPass& pass, const at::Tensor& source_SLT, std::int64_t batch_size) {
  std::vector<at::Tensor> logits, embeddings, attentions;
  const auto keep = [](std::vector<at::Tensor>& list, const at::Tensor& tensor) {
    if (tensor.defined()) list.push_back(tensor.to(at::kCPU, at::kFloat));
  };
  for (const at::Tensor& part : source_SLT.split(batch_size)) {
    const model::Output output = pass(part);
    keep(logits, output.logits_BK);
    keep(embeddings, output.embedding_BD);
    if (output.saliency_BYNN.defined()) keep(attentions, attention_maximum(output.saliency_BYNN));
  }
  const auto joined = [](const std::vector<at::Tensor>& list) {
    return list.empty() ? at::Tensor() : torch::cat(list);
  };
  ItemOutput out;
  out.logits_SK = joined(logits);
  out.embedding_SD = joined(embeddings);
  out.attention_SN = joined(attentions);
  return out;
}

at::Tensor rows_of(const at::Tensor& all, std::int64_t start, std::int64_t count) {
  return all.defined() ? all.narrow(0, start, count).contiguous() : at::Tensor();
}

/// The results of a run of items, as bytes: each [reason] or [notes, segments, tensors].
std::string results_of(ForwardPass& pass, std::span<const Item> items, const RunOptions& options) {
  std::vector<ReadItem> read(items.size());
  parallel_for(items.size(), thread_count(options.threads),
               [&](std::size_t i) { read[i] = try_read(items[i]); });
  const at::Tensor source = stack(read);
  const ItemOutput all =
      source.defined() ? forward(pass, source, options.batch_size) : ItemOutput();
  Json results = Json::array();
  std::int64_t row = 0;
  for (const ReadItem& item : read) {
    if (!item.prepared) {
      results.push_back(Json::array({item.reason}));
      continue;
    }
    const auto segments = static_cast<std::int64_t>(item.prepared->segments.size());
    Json result = {item.prepared->notes, segments};
    for (const at::Tensor* tensor : {&all.logits_SK, &all.embedding_SD, &all.attention_SN})
      result.push_back(distributed::packed_tensor(rows_of(*tensor, row, segments)));
    results.push_back(std::move(result));
    row += segments;
  }
  return distributed::to_bytes(results);
}

ItemOutput item_output(const std::string& name, const Json& result) {
  return {name,
          result[0].get<std::vector<std::string>>(),
          result[1].get<std::int64_t>(),
          distributed::unpacked_tensor(result[2]),
          distributed::unpacked_tensor(result[3]),
          distributed::unpacked_tensor(result[4])};
}

}  // namespace

at::Tensor attention_maximum(const at::Tensor& saliency_BYNN) {
  return saliency_BYNN.select(1, saliency_BYNN.size(1) - 1).amax(2);
}

std::vector<Failure> run_model(LoadedModel& model, const std::vector<Item>& items,
                               const RunOptions& options,
                               const std::function<void(const ItemOutput&)>& consume) {
  const torch::NoGradGuard no_grad;
  const auto single = distributed::alone();
  distributed::Group& processes = options.processes != nullptr ? *options.processes : *single;
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(options.batch_size, 1));
  const auto group = [&](std::size_t index) {
    return std::span(items).subspan(index * size, std::min(size, items.size() - index * size));
  };
  ForwardPass pass(model, options);
  std::vector<Failure> failures;
  Progress progress("recordings", static_cast<std::int64_t>(items.size()));
  const auto take = [&](std::size_t index, const std::string& bytes) {
    const Json results = distributed::from_bytes(bytes);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const std::string& name = group(index)[i].name;
      if (results[i].size() == 1)
        failures.push_back({name, results[i][0].get<std::string>()});
      else
        consume(item_output(name, results[i]));
    }
    progress.add(static_cast<std::int64_t>(results.size()));
  };
  distributed::share_out(
      processes, (items.size() + size - 1) / size,
      [&](std::size_t index) { return results_of(pass, group(index), options); }, take);
  progress.finish();
  return failures;
}

}  // namespace einthoven::infer
