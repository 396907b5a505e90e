#include "einthoven/corpus/ecgqa_ground.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/corpus/ecgqa.h"
#include "einthoven/corpus/ecgqa_facts.h"
#include "einthoven/corpus/ecgqa_leads.h"
#include "einthoven/format/mat.h"

namespace einthoven::corpus {
namespace {

using ClassNumbers = std::map<std::string, std::int64_t>;
using Paths = std::map<std::int64_t, std::string>;

/// The facts of a subset, and where its recordings are.
struct Facts {
  std::vector<GroundingFact> facts;
  Paths paths;
};

Facts read_facts(const fs::path& folder, bool verify_only, std::int64_t& conflicts,
                 const std::function<void(const Error&)>& refuse) {
  Facts found;
  const auto take = [&](const Question& question) {
    auto facts = facts_of(question, verify_only);
    if (facts.empty()) return;
    if (question.ecg_path.empty())
      throw usage_error("ecg_path: the questions name no files",
                        "run einthoven questions map first");
    found.paths.emplace(question.ecg_id[0], question.ecg_path[0]);
    std::move(facts.begin(), facts.end(), std::back_inserter(found.facts));
  };
  for_each_question(folder, take, refuse);
  found.facts = settle(std::move(found.facts), conflicts);
  return found;
}

ClassNumbers number_classes(const fs::path& table, const std::vector<GroundingFact>& test) {
  ClassNumbers numbers;
  if (!table.empty()) {
    const CsvTable classes = read_csv(table);
    const std::size_t name = classes.column("class");
    for (const auto& row : classes.rows)
      numbers.emplace(row[name], static_cast<std::int64_t>(numbers.size()));
    return numbers;
  }
  for (const GroundingFact& fact : test) numbers.emplace(fact.attribute, 0);
  std::int64_t next = 0;
  for (auto& [attribute, number] : numbers) number = next++;
  return numbers;
}

void write_class_table(const fs::path& path, const ClassNumbers& numbers) {
  std::vector<std::string> names(numbers.size());
  for (const auto& [name, number] : numbers) names[static_cast<std::size_t>(number)] = name;
  std::string table = "index,class\n";
  for (std::size_t i = 0; i < names.size(); ++i) table += csv_line({std::to_string(i), names[i]});
  write_file_atomically(path, table);
}

/// What one file asks of a recording.
struct Item {
  std::vector<std::int64_t> targets, labels;
};

using Key = std::pair<std::int64_t, std::vector<std::int64_t>>;  // recording, leads

std::string file_name(const Key& key) {
  constexpr std::size_t kAllLeads = 12;
  if (key.second.size() == kAllLeads) return fmt::format("{}_entire.mat", key.first);
  return fmt::format("{}_{}.mat", key.first, fmt::join(key.second, "_"));
}

void write_item(const fs::path& path, const std::string& record, const Key& key, const Item& item) {
  format::MatWriter mat(format::mat_header_text());
  mat.add(format::mat_text("ecg_path", std::vector<std::string>{record}));
  mat.add(format::mat_row<std::int64_t>("lead", key.second));
  mat.add(format::mat_row<std::int64_t>("target_idx", item.targets));
  mat.add(format::mat_row<std::int64_t>("label", item.labels));
  mat.add(format::mat_row<std::int64_t>("attribute_id", item.targets));
  mat.write(path, Sync::together);
}

std::map<Key, Item> items_of(const std::vector<GroundingFact>& facts, const ClassNumbers& numbers) {
  std::map<Key, Item> items;
  for (const GroundingFact& fact : facts) {
    const auto number = numbers.find(fact.attribute);
    if (number == numbers.end()) continue;
    Item& item = items[{fact.ecg_id, lead_group(fact.leads)}];
    item.targets.push_back(number->second);
    item.labels.push_back(fact.label);
  }
  return items;
}

}  // namespace

GroundingReport write_grounding(const GroundingOptions& options) {
  const auto subsets = question_subsets(options.root, "template");
  GroundingReport report;
  std::map<std::string, Facts> facts;
  std::string quarantine = "subset,file,reason\n";
  const auto refuse = [&](const std::string& subset, const std::string& name, const Error& error) {
    quarantine += csv_line({subset, name, error.message()});
    ++report.quarantined;
  };
  for (const std::string& subset : subsets)
    facts[subset] =
        read_facts(options.root / "template" / subset, subset == "test", report.conflicts,
                   [&](const Error& error) { refuse(subset, "", error); });
  const ClassNumbers numbers = number_classes(options.classes, facts["test"].facts);
  report.classes = static_cast<std::int64_t>(numbers.size());
  fs::create_directories(options.dest);
  write_class_table(options.dest / "grounding_class.csv", numbers);
  RecordingLengths recordings;
  for (const std::string& subset : subsets) {
    const fs::path folder = fs::absolute(options.dest).lexically_normal() / subset;
    fs::create_directories(folder);
    std::string manifest = folder.string() + "\n";
    for (const auto& [key, item] : items_of(facts[subset].facts, numbers)) {
      const std::string& record = facts[subset].paths.at(key.first);
      const std::string name = file_name(key);
      try {
        manifest += fmt::format("{}\t{}\n", name, recordings.length(record));
      } catch (const Error& error) {
        refuse(subset, name, error);
        continue;
      }
      write_item(folder / name, record, key, item);
      ++report.files;
      report.facts += static_cast<std::int64_t>(item.targets.size());
    }
    sync_file_system(folder);
    write_file_atomically(options.dest / (subset + ".tsv"), manifest);
  }
  write_file_atomically(options.dest / "quarantine.csv", quarantine);
  if (report.files == 0)
    throw data_error(options.dest.string(), "facts",
                     "none is left; without a test subset give --classes grounding_class.csv");
  return report;
}

}  // namespace einthoven::corpus
