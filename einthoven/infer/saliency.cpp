#include "einthoven/infer/saliency.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/infer/spline.h"
#include "einthoven/signal/lead.h"
#include "einthoven/signal/resample.h"

namespace einthoven::infer {
namespace {

/// The recording in millivolts at the model's rate, cut to whole segments.
signal::Recording shown_recording(const signal::Recording& recording, double rate_hz,
                                  std::int64_t length) {
  const signal::Recording ordered = recording.with_leads(signal::kStandardLeads, false);
  signal::Recording out(ordered.leads, length, rate_hz);
  for (std::size_t i = 0; i < ordered.lead_count(); ++i) {
    const auto lead = signal::resample<float>(ordered.lead(i), ordered.rate_hz, rate_hz);
    std::transform(lead.begin(), lead.begin() + length, out.lead(i).begin(),
                   [](double value) { return static_cast<float>(value); });
  }
  return out;
}

class Writer {
 public:
  explicit Writer(const SaliencyOptions& options) : options_(options) {
    fs::create_directories(options.output);
  }

  /// Nothing but a failure where the picture would begin behind the end.
  void write(const ItemOutput& item) {
    const double seconds =
        static_cast<double>(item.segments * options_.preparation.segment_samples) /
        options_.preparation.rate_hz;
    if (options_.picture != "none" && options_.page.start_s >= seconds) {
      failures.push_back({item.name, fmt::format("too short to start at {:g} s (lasts {:g} s)",
                                                 options_.page.start_s, seconds)});
      return;
    }
    const fs::path stem = fs::path(options_.output) / unique_name(item.name);
    const auto values = to_vector(item.attention_SN);
    write_npy<float>(stem.string() + ".npy", item.attention_SN.sizes().vec(), values);
    files.push_back(stem.string() + ".npy");
    if (options_.picture == "none") return;
    files.push_back(fmt::format("{}.{}", stem.string(), options_.picture));
    draw(item, files.back());
  }

  std::vector<std::string> files;
  std::vector<Failure> failures;

 private:
  std::string unique_name(const std::string& path) {
    const std::string stem = fs::path(path).stem().string();
    std::string name = stem;
    for (int i = 2; !used_.insert(name).second; ++i) name = fmt::format("{}-{}", stem, i);
    return name;
  }

  void draw(const ItemOutput& item, const fs::path& path) const {
    const std::int64_t samples = options_.preparation.segment_samples;
    const auto recording = shown_recording(format::read_recording(item.name, options_.reading),
                                           options_.preparation.rate_hz, item.segments * samples);
    const auto values = saliency_per_sample(item.attention_SN, samples);
    plot::EcgPlotOptions plot;
    plot.page = options_.page;
    const auto [first, count] =
        plot::shown_samples(recording, plot::lay_out(recording, options_.page));
    plot.saliency =
        std::span(values).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    plot.saliency_name = "attention";
    plot::plot_ecg(recording, plot, path);
  }

  const SaliencyOptions& options_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<float> saliency_per_sample(const at::Tensor& attention_SN, std::int64_t samples) {
  std::vector<float> out;
  for (std::int64_t s = 0; s < attention_SN.size(0); ++s) {
    const auto tokens = to_vector(attention_SN.select(0, s));
    for (const double value : resample_cubic(tokens, samples)) {
      out.push_back(static_cast<float>(value));
    }
  }
  return out;
}

SaliencyResult saliency(SaliencyOptions options) {
  for (const std::string& input : options.inputs) {
    if (input.ends_with(".tsv") || input.ends_with(".ecgstore")) {
      throw usage_error(input + ": saliency needs recordings, not stored segments",
                        "einthoven evaluate --extract attn_max works on manifests");
    }
  }
  LoadedModel model =
      load_model(options.checkpoint,
                 {.device = options.device, .saliency = true, .precision = options.precision});
  options.preparation = model.preparation(options.preparation);
  const auto items = list_items(options.inputs, options.preparation, options.reading);
  Writer writer(options);
  SaliencyResult out;
  out.failures =
      run_model(model, items, options.run, [&](const ItemOutput& item) { writer.write(item); });
  std::ranges::move(writer.failures, std::back_inserter(out.failures));
  out.recordings = items.size() - out.failures.size();
  out.files = std::move(writer.files);
  return out;
}

}  // namespace einthoven::infer
