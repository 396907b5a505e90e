#include "einthoven/corpus/ecgqa_map.h"

#include <fmt/core.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/ecgqa.h"

namespace einthoven::corpus {
namespace {

/// Path of a recording without extension, or empty where the corpus has none of that number.
using Locator = std::function<std::string(std::int64_t)>;

Locator locate_ptbxl(const fs::path& folder) {
  return [folder](std::int64_t id) {
    return (folder / fmt::format("records500/{:05}/{:05}_hr", id / 1000 * 1000, id)).string();
  };
}

Locator locate_mimic(const fs::path& folder) {
  const CsvTable list = read_csv(folder / "record_list.csv");
  const std::size_t study = list.column("study_id");
  const std::size_t path = list.column("path");
  std::unordered_map<std::int64_t, std::string> paths;
  for (const auto& row : list.rows) {
    const auto id = parse_int(row[study]);
    const fs::path record = fs::path(row[path]).lexically_normal();
    if (!id || record.is_absolute() || record.empty() || *record.begin() == "..")
      throw data_error(list.source, "path", "want a study number and a path in the corpus");
    paths[*id] = (folder / record).string();
  }
  return [paths = std::move(paths)](std::int64_t id) {
    const auto found = paths.find(id);
    return found == paths.end() ? std::string() : found->second;
  };
}

Locator locator_of(const QuestionMapOptions& options) {
  const fs::path folder = fs::absolute(options.recordings).lexically_normal();
  if (options.corpus == "ptb-xl") return locate_ptbxl(folder);
  if (options.corpus == "mimic-iv-ecg") return locate_mimic(folder);
  throw usage_error(
      fmt::format("corpus: want ptb-xl or mimic-iv-ecg (got \"{}\")", options.corpus));
}

/// Looks every recording up once.
class RecordFinder {
 public:
  explicit RecordFinder(Locator locate) : locate_(std::move(locate)) {}

  /// Empty if there is no such file.
  const std::string& find(std::int64_t id) {
    const auto [found, added] = known_.try_emplace(id);
    if (added)
      if (std::string path = locate_(id); !path.empty() && fs::exists(path + ".dat"))
        found->second = std::move(path);
    return found->second;
  }

 private:
  Locator locate_;
  std::unordered_map<std::int64_t, std::string> known_;
};

/// Adds ecg_path; false if a recording is not there.
bool add_paths(nlohmann::ordered_json& sample, RecordFinder& records) {
  auto paths = nlohmann::ordered_json::array();
  for (const auto& id : sample.at("ecg_id")) {
    const std::string& path = records.find(id.get<std::int64_t>());
    if (path.empty()) return false;
    paths.push_back(path);
  }
  sample["ecg_path"] = std::move(paths);
  return true;
}

void map_file(const fs::path& from, const fs::path& to, const QuestionMapOptions& options,
              RecordFinder& records, QuestionMapReport& report) {
  const auto samples = nlohmann::ordered_json::parse(read_file(from), nullptr, false);
  if (!samples.is_array()) throw data_error(from.string(), "JSON", "is not a list of questions");
  auto mapped = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto sample = samples[i];
    bool found = false;
    try {
      found = add_paths(sample, records);
    } catch (const nlohmann::json::exception&) {
      throw data_error(from.string(), "ecg_id", fmt::format("sample {} names no recording", i));
    }
    if (!found && !options.skip_missing)
      throw data_error(
          from.string(), "ecg_id",
          fmt::format("sample {}: no .dat file of recording {}", i, sample["ecg_id"].dump()));
    report.missing += found ? 0 : 1;
    if (found) mapped.push_back(std::move(sample));
  }
  report.questions += static_cast<std::int64_t>(mapped.size());
  if (!mapped.empty()) write_file_atomically(to, mapped.dump(4, ' ', true));
}

}  // namespace

QuestionMapReport map_questions(const QuestionMapOptions& options) {
  RecordFinder records(locator_of(options));
  QuestionMapReport report;
  for (const char* form : {"template", "paraphrased"}) {
    if (!fs::is_directory(options.root / form)) continue;
    for (const std::string& subset : question_subsets(options.root, form)) {
      const fs::path folder = fs::path(form) / subset;
      fs::create_directories(options.dest / folder);
      for (const auto& entry : fs::directory_iterator(options.root / folder))
        if (entry.path().extension() == ".json")
          map_file(entry.path(), options.dest / folder / entry.path().filename(), options, records,
                   report);
    }
  }
  if (report.questions == 0)
    throw data_error(options.root.string(), "questions",
                     fmt::format("none is left ({} without recordings)", report.missing));
  for (const char* table : {"answers.csv", "answers_for_each_template.csv"})
    fs::copy_file(options.root / table, options.dest / table, fs::copy_options::overwrite_existing);
  return report;
}

}  // namespace einthoven::corpus
