#include "einthoven/corpus/corpus.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_folders.h"
#include "einthoven/corpus/code15.h"
#include "einthoven/corpus/folder.h"
#include "einthoven/corpus/mimic.h"
#include "einthoven/corpus/physionet2021.h"
#include "einthoven/corpus/ptbxl.h"
#include "einthoven/corpus/sph.h"
#include "einthoven/corpus/wfdb_databases.h"
#include "einthoven/signal/lead.h"

namespace einthoven::corpus {

namespace {

struct CorpusKind {
  std::string_view name;
  std::string_view export_name;  ///< of the reference's scripts
  Corpus (*list)(const CorpusSource& source);
};

constexpr CorpusKind kKinds[] = {
    {"physionet2021", "physionet2021", list_physionet2021},
    {"ptb-xl", "ptb-xl", list_ptbxl},
    {"mimic-iv-ecg", "mimic_iv_ecg", list_mimic_iv_ecg},
    {"code-15", "code_15", list_code15},
    {"sami-trop", "sami_trop", list_samitrop},
    {"sph", "sph", list_sph},
    {"cpsc2018", "cpsc2018", list_cpsc2018},
    {"csn", "csn", list_csn},
    {"muse", "uhn", list_muse},
    {"folder", "folder", list_folder},
};

}  // namespace

const std::vector<std::string>& corpus_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const CorpusKind& kind : kKinds) result.emplace_back(kind.name);
    for (const WfdbDatabase& database : wfdb_databases()) result.emplace_back(database.name);
    return result;
  }();
  return names;
}

std::vector<std::string> corpus_leads(std::string_view name,
                                      const std::vector<std::string>& in_files) {
  const WfdbDatabase* database = find_wfdb_database(name);
  if (database != nullptr && !database->leads.empty()) return leads_of(*database);
  std::vector<std::string> leads(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
  for (const std::string& lead : signal::canonical_leads(in_files))
    if (std::ranges::find(leads, lead) == leads.end()) leads.push_back(lead);
  return leads;
}

Corpus open_corpus(std::string_view name, const CorpusSource& where) {
  const fs::path& source = where.folder;
  if (!fs::is_directory(source)) throw io_error(source.string(), "is not a folder");
  Corpus corpus;
  const auto* const kind = std::ranges::find(kKinds, name, &CorpusKind::name);
  if (kind != std::end(kKinds)) {
    corpus = kind->list(where);
    corpus.export_name = kind->export_name;
  } else if (const WfdbDatabase* database = find_wfdb_database(name)) {
    corpus = list_wfdb_database(*database, where);
    corpus.export_name = name;
  } else {
    throw usage_error(fmt::format("corpus: unknown (got \"{}\", want {}){}", name,
                                  join(corpus_names(), " or "),
                                  did_you_mean(name, corpus_names())));
  }
  corpus.name = name;
  corpus.root = corpus.root.empty() ? source : corpus.root;
  if (corpus.records.empty()) throw data_error(source.string(), "corpus", "holds no recording");
  std::unordered_set<std::string_view> paths;
  for (std::size_t i = 0; i < corpus.records.size(); ++i) {
    corpus.records[i].entry.idx = static_cast<std::int64_t>(i);
    store::RecordEntry& entry = corpus.records[i].entry;
    if (!paths.insert(entry.path).second)
      throw data_error(source.string(), "corpus",
                       fmt::format("its table has two rows for \"{}\"", entry.path));
    entry.source = corpus.name;
    if (entry.dataset.empty()) entry.dataset = corpus.name;
  }
  return corpus;
}

void reorder_records(Corpus& corpus, const std::vector<std::string>& paths) {
  std::unordered_map<std::string, std::size_t> by_path;
  for (std::size_t i = 0; i < corpus.records.size(); ++i) by_path[corpus.records[i].entry.path] = i;
  std::vector<SourceRecord> ordered;
  for (const std::string& path : paths) {
    const auto found = by_path.find(path);
    if (found == by_path.end())
      throw data_error(corpus.root.string(), "records",
                       fmt::format("no recording \"{}\", or it is listed twice", path));
    ordered.push_back(std::move(corpus.records[found->second]));
    ordered.back().entry.idx = static_cast<std::int64_t>(ordered.size() - 1);
    by_path.erase(found);
  }
  corpus.records = std::move(ordered);
}

void keep_datasets(Corpus& corpus, const std::vector<std::string>& datasets) {
  std::set<std::string> known;
  for (const auto& record : corpus.records) known.insert(record.entry.dataset);
  const std::vector<std::string> names(known.begin(), known.end());
  for (const std::string& wanted : datasets)
    if (!known.contains(wanted))
      throw usage_error(fmt::format("dataset-subset: no dataset \"{}\"{} (there are: {})", wanted,
                                    did_you_mean(wanted, names), join(names, ", ")));
  std::erase_if(corpus.records, [&](const SourceRecord& record) {
    return std::find(datasets.begin(), datasets.end(), record.entry.dataset) == datasets.end();
  });
}

}  // namespace einthoven::corpus
