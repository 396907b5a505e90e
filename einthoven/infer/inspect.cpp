#include "einthoven/infer/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/describe.h"
#include "einthoven/config/recipe.h"
#include "einthoven/config/resolve.h"
#include "einthoven/config/yaml.h"
#include "einthoven/model/model.h"
#include "einthoven/store/manifest.h"
#include "einthoven/store/store.h"
#include "einthoven/train/schema.h"

namespace einthoven::infer {
namespace {

using config::Value;

struct LeadSummary {
  float low = 0;
  float high = 0;
  double mean = 0;
  std::int64_t invalid = 0;
};

LeadSummary summarise(std::span<const float> samples) {
  LeadSummary summary{INFINITY, -INFINITY};
  std::int64_t valid = 0;
  for (const float x : samples) {
    if (std::isnan(x)) continue;
    summary.low = std::min(summary.low, x);
    summary.high = std::max(summary.high, x);
    summary.mean += x;
    ++valid;
  }
  summary.invalid = static_cast<std::int64_t>(samples.size()) - valid;
  if (valid > 0) summary.mean /= static_cast<double>(valid);
  return summary;
}

Inspection inspect_recording(const fs::path& path, const format::ReadOptions& reading) {
  const signal::Recording recording = format::read_recording(path, reading);
  Inspection result;
  result.text =
      fmt::format("recording  {} leads, {} Hz, {} samples, {:.3f} s\n", recording.lead_count(),
                  recording.rate_hz, recording.length(), recording.duration_s());
  result.value = {{"kind", "recording"},
                  {"rate_hz", recording.rate_hz},
                  {"samples", recording.length()},
                  {"duration_s", recording.duration_s()},
                  {"annotations", recording.annotations.size()},
                  {"notes", recording.notes},
                  {"leads", Value::array()}};
  for (std::size_t i = 0; i < recording.lead_count(); ++i) {
    const LeadSummary lead = summarise(recording.lead(i));
    const bool flat = lead.low == lead.high;
    result.value["leads"].push_back({{"name", recording.leads[i]},
                                     {"min_mv", lead.low},
                                     {"max_mv", lead.high},
                                     {"mean_mv", lead.mean},
                                     {"invalid_samples", lead.invalid},
                                     {"flat", flat}});
    result.text +=
        fmt::format("  {:<6} {:9.3f} to {:9.3f} mV, mean {:9.4f} mV{}{}\n", recording.leads[i],
                    lead.low, lead.high, lead.mean, flat ? ", flat" : "",
                    lead.invalid > 0 ? fmt::format(", {} invalid samples", lead.invalid) : "");
  }
  for (const std::string& note : recording.notes) result.text += "  note: " + note + "\n";
  return result;
}

Inspection inspect_store(const fs::path& path) {
  const store::Store store(path);
  std::size_t records = 0;
  std::string_view last;
  for (std::size_t i = 0; i < store.size(); ++i) {
    const auto info = store.segment(i);
    if (info.record != last) ++records;
    last = info.record;
  }
  Inspection result;
  result.value = {{"kind", "store"},        {"segments", store.size()},   {"recordings", records},
                  {"leads", store.leads()}, {"rate_hz", store.rate_hz()}, {"dtype", store.dtype()}};
  result.text =
      fmt::format("store      {} segments of {} recordings\n  {} Hz, {}, leads {}\n", store.size(),
                  records, store.rate_hz(), store.dtype(), join(store.leads(), " "));
  return result;
}

Inspection inspect_manifest(const fs::path& path) {
  constexpr std::string_view kNames[] = {"standard", "cmsc", "identification"};
  const store::Manifest manifest = store::Manifest::read(path);
  const std::string_view kind = kNames[static_cast<int>(manifest.kind)];
  std::int64_t shortest = manifest.rows.empty() ? 0 : manifest.rows[0].samples;
  std::int64_t longest = shortest;
  for (const auto& row : manifest.rows) {
    shortest = std::min(shortest, row.samples);
    longest = std::max(longest, row.samples);
  }
  Inspection result;
  result.value = {{"kind", "manifest"},
                  {"layout", kind},
                  {"root", manifest.root},
                  {"rows", manifest.rows.size()},
                  {"in_store", manifest.in_store()},
                  {"shortest_samples", shortest},
                  {"longest_samples", longest}};
  result.text = fmt::format("manifest   {}, {} rows of {} to {} samples\n  root {}{}\n", kind,
                            manifest.rows.size(), shortest, longest, manifest.root,
                            manifest.in_store() ? " (store)" : "");
  return result;
}

Inspection inspect_checkpoint(const fs::path& path) {
  const auto summary = checkpoint::describe_checkpoint(path);
  Inspection result;
  result.value = checkpoint::to_value(summary);
  result.value["kind"] = "checkpoint";
  result.text = checkpoint::to_text(summary);
  return result;
}

/// Mandatory values that only a run can know (data folders, label counts) do not matter for size.
std::vector<config::Override> stand_ins(const config::Recipe& recipe) {
  std::vector<std::string> texts;
  for (const auto& [group, values] : recipe.values.items()) {
    if (!values.is_object()) continue;
    for (const auto& [key, value] : values.items())
      if (value == "???")
        texts.push_back(fmt::format("{}.{}={}", group, key, key == "num_labels" ? "1" : "unset"));
  }
  return config::parse_overrides(texts);
}

Inspection inspect_recipe(const fs::path& path) {
  const config::Recipe recipe = config::read_recipe(path);
  const Value resolved = config::resolve(train::training_schema(), recipe, stand_ins(recipe));
  Inspection result;
  result.value = {{"kind", "recipe"}, {"config", resolved}};
  result.text = fmt::format("recipe     {}\n", path.stem().string());
  if (resolved["model"].contains("_name") && resolved["model"]["_name"].is_string()) {
    std::int64_t parameters = 0;
    for (const auto& tensor : model::build_model(resolved["model"])->parameters())
      parameters += tensor.numel();
    result.value["parameters"] = parameters;
    result.text += fmt::format("  model {}, {} parameters\n",
                               resolved["model"]["_name"].get<std::string>(), parameters);
  }
  result.text += config::format_yaml(resolved);
  return result;
}

bool is_checkpoint(const fs::path& path) {
  try {
    checkpoint::checkpoint_format(path);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::checkpoint) throw;
    return false;
  }
}

}  // namespace

Inspection inspect(const fs::path& path, const format::ReadOptions& reading) {
  if (store::is_store(path)) return inspect_store(path);
  const std::string extension = lower(path.extension().string());
  if (extension == ".yaml" || extension == ".yml") return inspect_recipe(path);
  if (extension == ".tsv") return inspect_manifest(path);
  if (extension != ".npz" && fs::exists(path) && is_checkpoint(path))
    return inspect_checkpoint(path);
  return inspect_recording(path, reading);
}

}  // namespace einthoven::infer
