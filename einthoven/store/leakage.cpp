#include "einthoven/store/leakage.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "einthoven/base/json_text.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/manifest_members.h"

namespace einthoven::store {
namespace {

std::int64_t count_shared(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::count_if(a.begin(), a.end(),
                       [&](const std::string& value) { return b.contains(value); });
}

/// Stores of version 1 hold SHA-256 without its name.
std::set<std::string> digest_kinds(const std::set<std::string>& digests) {
  std::set<std::string> kinds;
  for (const std::string& digest : digests) {
    const auto colon = digest.find(':');
    kinds.insert(colon == std::string::npos ? "SHA-256" : digest.substr(0, colon));
  }
  return kinds;
}

void warn_of_other_digests(const ManifestMembers& a, const ManifestMembers& b) {
  if (a.contents.empty() || b.contents.empty()) return;
  if (digest_kinds(a.contents) == digest_kinds(b.contents)) return;
  log_warn(fmt::format(
      "leakage check: identical signals under different names are not found between {} and {}, "
      "whose stores have digests of different kinds: preprocess the older one again",
      a.name, b.name));
}

Overlap overlap_of(const ManifestMembers& a, const ManifestMembers& b) {
  warn_of_other_digests(a, b);
  Overlap overlap{a.name, b.name, {}, 0, 0};
  std::set_intersection(a.recordings.begin(), a.recordings.end(), b.recordings.begin(),
                        b.recordings.end(), std::back_inserter(overlap.recordings));
  overlap.patients = count_shared(a.patients, b.patients);
  overlap.contents = count_shared(a.contents, b.contents);
  return overlap;
}

/// "valid_gallery" and "valid_probe" -> "valid".
std::string without_role(const std::string& stem) {
  for (const char* role : {"_gallery", "_probe"})
    if (stem.ends_with(role)) return stem.substr(0, stem.rfind('_'));
  return stem;
}

bool are_compared(const fs::path& a, const fs::path& b) {
  const std::string first = a.stem(), second = b.stem();
  if (a.parent_path() == b.parent_path()) return without_role(first) != without_role(second);
  return (first.starts_with("train") && second.starts_with("test")) ||
         (first.starts_with("test") && second.starts_with("train"));
}

/// File names, with their folder where the manifests are of several folders.
std::vector<std::string> part_names(const std::vector<fs::path>& manifests) {
  const bool one_folder = std::all_of(
      manifests.begin(), manifests.end(),
      [&](const fs::path& path) { return path.parent_path() == manifests.front().parent_path(); });
  std::vector<std::string> names;
  names.reserve(manifests.size());
  for (const fs::path& path : manifests)
    names.push_back(one_folder ? path.stem().string()
                               : (path.parent_path() / path.stem()).string());
  return names;
}

std::vector<ManifestMembers> read_parts(const std::vector<fs::path>& manifests,
                                        const LeakageOptions& options, LeakageReport& report) {
  const auto names = part_names(manifests);
  std::vector<ManifestMembers> parts;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    parts.push_back(read_members(manifests[i], options.read_files));
    parts.back().name = names[i];
    const ManifestMembers& part = parts.back();
    report.parts.push_back({part.name, part.rows, static_cast<std::int64_t>(part.recordings.size()),
                            static_cast<std::int64_t>(part.patients.size())});
  }
  return parts;
}

}  // namespace

std::string Overlap::text() const {
  std::vector<std::string> shared;
  const auto add = [&](std::int64_t count, const char* one, const char* many) {
    if (count > 0) shared.push_back(fmt::format("{} {}", count, count == 1 ? one : many));
  };
  add(static_cast<std::int64_t>(recordings.size()), "recording", "recordings");
  add(patients, "patient", "patients");
  add(contents, "identical signal", "identical signals");
  return fmt::format("{} and {} share {}", first, second, join(shared, ", "));
}

LeakageReport check_leakage(const std::vector<fs::path>& manifests, const LeakageOptions& options) {
  LeakageReport report;
  const auto parts = read_parts(manifests, options, report);
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t j = i + 1; j < parts.size(); ++j)
      if (are_compared(manifests[i], manifests[j]))
        if (Overlap overlap = overlap_of(parts[i], parts[j]); overlap.any())
          report.overlaps.push_back(std::move(overlap));
  return report;
}

LeakageReport check_leakage_of(const fs::path& manifest, const std::vector<fs::path>& others) {
  LeakageReport report;
  std::vector<fs::path> all = {manifest};
  all.insert(all.end(), others.begin(), others.end());
  const auto parts = read_parts(all, {}, report);
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (Overlap overlap = overlap_of(parts[0], parts[i]); overlap.any())
      report.overlaps.push_back(std::move(overlap));
  return report;
}

std::string LeakageReport::table(bool list) const {
  std::string text =
      fmt::format("{:<28}{:>10}{:>12}{:>10}\n", "manifest", "rows", "recordings", "patients");
  for (const PartSummary& part : parts)
    text += fmt::format("{:<28}{:>10}{:>12}{:>10}\n", part.name, part.rows, part.recordings,
                        part.patients > 0 ? std::to_string(part.patients) : "unknown");
  for (const Overlap& overlap : overlaps) {
    text += overlap.text() + "\n";
    for (std::size_t i = 0; list && i < overlap.recordings.size(); ++i)
      text += "  " + overlap.recordings[i] + "\n";
  }
  if (overlaps.empty()) text += "no leakage found\n";
  return text;
}

std::string LeakageReport::json(bool list) const {
  nlohmann::ordered_json report;
  report["parts"] = nlohmann::ordered_json::array();
  for (const PartSummary& part : parts)
    report["parts"].push_back({{"name", part.name},
                               {"rows", part.rows},
                               {"recordings", part.recordings},
                               {"patients", part.patients}});
  report["overlaps"] = nlohmann::ordered_json::array();
  for (const Overlap& overlap : overlaps) {
    nlohmann::ordered_json entry = {{"first", overlap.first},
                                    {"second", overlap.second},
                                    {"recordings", overlap.recordings.size()},
                                    {"patients", overlap.patients},
                                    {"contents", overlap.contents}};
    if (list) entry["names"] = overlap.recordings;
    report["overlaps"].push_back(std::move(entry));
  }
  return json_text(report, 2) + "\n";
}

}  // namespace einthoven::store
