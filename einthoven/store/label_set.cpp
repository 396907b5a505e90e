#include "einthoven/store/label_set.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/store/code_map.h"
#include "einthoven/store/scp_statements.h"

namespace einthoven::store {
namespace {

LabelClasses scored_2021() { return challenge_2021_classes(false); }

const std::string kAxisPrefix = "axis:";

}  // namespace

const std::vector<LabelSet>& label_sets() {
  using Source = LabelSet::Source;
  static const std::vector<LabelSet> sets = {
      {"cinc2021", "26 scored classes of PhysioNet/CinC 2021, equivalent codes joined",
       Source::snomed, scored_2021},
      {"cpsc2018", "the 9 classes of CPSC2018", Source::snomed, cpsc_2018_classes},
      {"snomed", "every SNOMED CT code that occurs", Source::snomed, nullptr},
      {"ptb-xl-superclass", "NORM, MI, STTC, CD, HYP", Source::scp, ptbxl_superclasses},
      {"ptb-xl-subclass", "23 diagnostic subclasses", Source::scp, ptbxl_subclasses},
      {"ptb-xl-diagnostic", "44 diagnostic statements", Source::scp, ptbxl_diagnostic},
      {"ptb-xl-form", "19 form statements", Source::scp, ptbxl_form},
      {"ptb-xl-rhythm", "12 rhythm statements", Source::scp, ptbxl_rhythm},
      {"ptb-xl-all", "all 71 statements", Source::scp, ptbxl_all},
      {"scp", "every SCP-ECG statement that occurs", Source::scp, nullptr},
      {"code-15", "columns of a meta.csv, by default those of CODE-15", Source::columns, nullptr}};
  return sets;
}

const LabelSet* find_label_set(std::string_view name) {
  if (name == "physionet2021") name = "cinc2021";
  if (name == "superclass") name = "ptb-xl-superclass";
  const auto found = std::find_if(label_sets().begin(), label_sets().end(),
                                  [&](const LabelSet& set) { return set.name == name; });
  return found == label_sets().end() ? nullptr : &*found;
}

std::string label_set_help() {
  std::string text;
  for (const LabelSet& set : label_sets()) text += fmt::format("  {:<19}{}\n", set.name, set.help);
  return text;
}

std::vector<IndexLabel> read_scp_labels(const fs::path& store, double least_likelihood) {
  auto labels = read_index_labels(store, "scp");
  std::erase_if(labels, [&](const IndexLabel& label) {
    return label.value != 0 && label.value < least_likelihood;
  });
  return labels;
}

std::vector<IndexLabel> read_snomed_labels(const fs::path& store, double least_likelihood) {
  std::vector<IndexLabel> found;
  for (const std::string& kind : index_label_kinds(store)) {
    const bool axis = kind == "axis";
    const auto system = axis ? CodeSystem::scp : parse_code_system(kind);
    if (!system) continue;
    auto labels =
        kind == "scp" ? read_scp_labels(store, least_likelihood) : read_index_labels(store, kind);
    for (IndexLabel& label : labels) {
      if (kind != "scp" && label.value == 0) continue;
      label.name = snomed_code(*system, axis ? kAxisPrefix + label.name : label.name);
      if (!label.name.empty()) found.push_back(std::move(label));
    }
  }
  return found;
}

}  // namespace einthoven::store
