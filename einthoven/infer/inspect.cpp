#include "einthoven/infer/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/checkpoint_path.h"
#include "einthoven/checkpoint/describe.h"
#include "einthoven/config/recipe.h"
#include "einthoven/config/resolve.h"
#include "einthoven/config/yaml.h"
#include "einthoven/model/model.h"
#include "einthoven/nn/linear.h"
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

/// How often each symbol occurs, in the order of the symbols.
std::map<std::string, std::int64_t> count_symbols(const signal::Recording& recording) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& mark : recording.annotations) ++counts[mark.symbol];
  return counts;
}

/// Time, device, statements and annotations; comments may hold patient data and are left out.
void describe_info(const signal::Recording& recording, Inspection& result) {
  const signal::Device& device = recording.device;
  Value& value = result.value;
  const auto say = [&](const char* key, const std::string& text) {
    if (text.empty()) return;
    value[key] = text;
    result.text += fmt::format("  {}: {}\n", key, text);
  };
  say("date", recording.base_date);
  say("time", recording.base_time);
  say("manufacturer", device.manufacturer);
  say("device", device.model);
  const auto say_hz = [&](const char* key, std::optional<double> hz) {
    if (!hz) return;
    value[std::string(key) + "_hz"] = *hz;
    result.text += fmt::format("  {}: {} Hz\n", key, *hz);
  };
  say_hz("highpass", device.highpass_hz);
  say_hz("lowpass", device.lowpass_hz);
  say_hz("notch", device.notch_hz);
  value["statements"] = recording.statements;
  for (const auto& statement : recording.statements)
    result.text += fmt::format("  statement: {}\n", statement);
  const auto symbols = count_symbols(recording);
  value["annotations"] = recording.annotations.size();
  value["symbols"] = symbols;
  if (symbols.empty()) return;
  result.text += fmt::format("  {} annotations:", recording.annotations.size());
  for (const auto& [symbol, count] : symbols) result.text += fmt::format(" {} {}", count, symbol);
  result.text += '\n';
}

void describe_subject(const signal::Subject& subject, const signal::Recording& recording,
                      Inspection& result) {
  Value value = Value::object();
  const auto say = [&](const char* key, const std::string& text) {
    if (text.empty()) return;
    value[key] = text;
    result.text += fmt::format("  subject {}: {}\n", key, text);
  };
  say("id", subject.id);
  say("name", subject.name);
  say("birth_date", subject.birth_date);
  say("sex", subject.sex);
  if (subject.age_years) {
    value["age_years"] = *subject.age_years;
    result.text += fmt::format("  subject age: {} years\n", *subject.age_years);
  }
  for (const auto& comment : recording.comments)
    result.text += fmt::format("  comment: {}\n", comment);
  result.value["subject"] = value;
  result.value["comments"] = recording.comments;
}

Inspection inspect_recording(const fs::path& path, const format::ReadOptions& reading) {
  const signal::Recording recording = format::read_recording(path, reading);
  Inspection result;
  result.text =
      fmt::format("recording  {} leads, {} Hz, {} samples, {:.3f} s\n", recording.lead_count(),
                  recording.rate_hz, recording.length(), recording.duration_s());
  result.value = {{"kind", "recording"},           {"rate_hz", recording.rate_hz},
                  {"samples", recording.length()}, {"duration_s", recording.duration_s()},
                  {"notes", recording.notes},      {"leads", Value::array()}};
  describe_info(recording, result);
  if (reading.subject != nullptr) describe_subject(*reading.subject, recording, result);
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
    const nn::UndrawnWeights undrawn;
    for (const auto& tensor : model::build_model(resolved["model"])->parameters())
      parameters += tensor.numel();
    result.value["parameters"] = parameters;
    result.text += fmt::format("  model {}, {} parameters\n",
                               resolved["model"]["_name"].get<std::string>(), parameters);
  }
  result.text += config::format_yaml(resolved);
  return result;
}

/// `w2v_cmsc_rlm` for a built-in recipe, where no file has that name.
bool is_recipe_name(const fs::path& path) {
  if (path.has_parent_path() || fs::exists(path) || fs::exists(path.string() + ".hea"))
    return false;
  const auto recipes = config::list_recipes(config::recipes_folder());
  return std::ranges::any_of(
      recipes, [&](const std::string& known) { return fs::path(known).filename() == path; });
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
  if (is_recipe_name(path)) return inspect_recipe(config::find_recipe(path.string(), ""));
  if (const auto found = checkpoint::existing_checkpoint(path); found && *found != path)
    return inspect_checkpoint(*found);
  if (extension != ".npz" && fs::exists(path) && is_checkpoint(path))
    return inspect_checkpoint(path);
  if (fs::is_directory(path))
    throw io_error(path.string(), "is a folder, but neither a store nor a checkpoint");
  return inspect_recording(path, reading);
}

}  // namespace einthoven::infer
