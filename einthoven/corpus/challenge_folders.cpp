#include "einthoven/corpus/challenge_folders.h"

#include <fmt/core.h>

#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/file_search.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/corpus_files.h"
#include "einthoven/corpus/folder.h"
#include "einthoven/format/mat.h"

namespace einthoven::corpus {
namespace {

constexpr std::string_view kCpscLabels[] = {"Normal", "AF",  "I-AVB", "LBBB", "RBBB",
                                            "PAC",    "PVC", "STD",   "STE"};

using Labels = std::vector<store::LabelEntry>;

/// Recording -> labels, of every REFERENCE.csv below the folder.
std::unordered_map<std::string, Labels> read_references(const fs::path& folder) {
  std::unordered_map<std::string, Labels> labels;
  for (const std::string& file : files_below(folder, [](const fs::path& path) {
         const std::string name = path.filename().string();
         return name == "REFERENCE.csv" || name == "REFERENCE.csv.gz";
       })) {
    const CsvTable table = read_csv(folder / file);
    const std::size_t recording = table.column("Recording");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      Labels found;
      for (const char* column : {"First_label", "Second_label", "Third_label"}) {
        const std::string& cell = table.rows[i][table.column(column)];
        if (cell.empty()) continue;
        const auto number = parse_int(whole_number(cell));
        if (!number || *number < 1 || *number > std::ssize(kCpscLabels))
          throw data_error(fmt::format("{}:{}", table.source, i + 2), column,
                           fmt::format("got \"{}\", want 1 to 9", cell));
        found.push_back(
            {"label", std::string(kCpscLabels[static_cast<std::size_t>(*number - 1)]), 1});
      }
      const auto [known, is_new] = labels.try_emplace(table.rows[i][recording], found);
      if (!is_new && known->second != found)  // the sets overlap in some copies
        throw data_error(fmt::format("{}:{}", table.source, i + 2), "Recording",
                         "has other labels in another row");
    }
  }
  return labels;
}

SourceRecord record_at(const fs::path& root, const std::string& path) {
  SourceRecord record;
  record.file = (root / path).string();
  record.entry.path = path;
  return record;
}

/// Empty files, dangling links and unreadable ones are for the quarantine.
bool is_muse_or_lost(const fs::path& file) {
  try {
    return fs::file_size(file) == 0 || format::format_of(file) == "muse";
  } catch (const std::exception&) {
    return true;
  }
}

}  // namespace

Corpus list_cpsc2018(const CorpusSource& source) {
  Corpus corpus;
  corpus.any_format = true;
  corpus.reading = source.reading;
  corpus.describe = describe_from_file;
  const auto labels = read_references(source.folder);
  if (labels.empty())
    log_warn(source.folder.string() + ": no REFERENCE.csv below it, so there are no labels");
  for (const std::string& path : stems_below(source.folder, ".mat")) {
    SourceRecord record = record_at(source.folder, path + ".mat");
    const auto found = labels.find(fs::path(record.file).stem().string());
    if (found != labels.end()) record.entry.labels = found->second;
    corpus.records.push_back(std::move(record));
  }
  return corpus;
}

Corpus list_csn(const CorpusSource& source) {
  Corpus corpus;
  corpus.challenge_headers = true;
  corpus.describe = read_challenge_header;
  for (const std::string& path : stems_below(source.folder, ".hea"))
    corpus.records.push_back(record_at(source.folder, path));
  return corpus;
}

Corpus list_muse(const CorpusSource& source) {
  Corpus corpus;
  corpus.any_format = true;
  corpus.describe = describe_from_file;
  for (const std::string& path : files_below(source.folder, [](const fs::path& file) {
         return lower(file.extension().string()) == ".xml" && is_muse_or_lost(file);
       }))
    corpus.records.push_back(record_at(source.folder, path));
  return corpus;
}

}  // namespace einthoven::corpus
