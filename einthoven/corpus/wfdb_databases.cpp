#include "einthoven/corpus/wfdb_databases.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "einthoven/base/error.h"
#include "einthoven/base/file_search.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/corpus_files.h"
#include "einthoven/corpus/header_comments.h"
#include "einthoven/format/wfdb_annotation.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/signal/lead.h"

namespace einthoven::corpus {
namespace {

using enum PatientRule;

// Lead names as the headers spell them; a name that comes twice in a header counts as NAME_2.
constexpr WfdbDatabase kDatabases[] = {
    {"mitdb", "MLII,V1,V2,V4,V5", "atr", true, mitdb, "", 360, 60, "{number}", 100},
    {"afdb", "ECG1,ECG2", "atr", true, record, "", 250, 60, "{number:05}", 4015},
    {"ltafdb", "ECG,ECG_2", "atr", true, record, "", 128, 60, "{number:02}", 0},
    {"nsrdb", "ECG1,ECG2", "atr", true, record, "", 128, 60, "{number}", 16265},
    {"svdb", "ECG1,ECG2", "atr", true, record, "", 128, 60, "{number}", 800},
    {"stdb", "ECG,ECG_2", "atr", true, record, "", 360, 60, "{number}", 300},
    {"vfdb", "ECG,ECG_2", "atr", true, record, "", 250, 60, "{number}", 418},
    {"cudb", "ECG", "atr", true, record, "", 250, 60, "cu{number:02}", 1},
    {"chfdb", "ECG1,ECG2", "ecg", true, record, "", 250, 60, "chf{number:02}", 1},
    {"ltdb", "ECG1,ECG2", "atr", true, record, "", 128, 60, "{number}", 14046},
    {"edb", "V1,V2,V3,V4,V5,MLI,MLIII", "atr", true, record, "", 250, 60, "e{number:04}", 103},
    {"incartdb", "", "atr", true, in_comment, "diagnosis", 257, 60, "I{number:02}", 1},
    {"cpsc2021", "I,II", "atr", true, middle, "diagnosis", 200, 60,
     "Training_set_I/data_{patient}_{visit}", 1},
    {"ludb", "", "", false, record, "ludb", 500, 10, "data/{number}", 1},
    {"qtdb", "MLII,MLIII,V1,V2,V3,V4,V5,D3,CM5,ECG1,ECG2", "atr", true, record, "", 250, 60,
     "sel{number}", 100},
    {"ecg-id", "I,ECG I filtered", "atr", false, folder, "", 500, 20,
     "Person_{patient:02}/rec_{visit}", 1},
    {"ptbdb", "", "", false, folder, "reason for admission", 1000, 30,
     "patient{patient:03}/s{number:04}_re", 10},
};

std::string patient_of(const WfdbDatabase& database, const fs::path& path,
                       const std::vector<std::string>& comments) {
  const std::string name = path.filename().string();
  switch (database.patient) {
    case mitdb:
      return name == "202" ? "201" : name;
    case folder:
      return path.parent_path().filename().string();
    case middle: {
      const auto parts = split(name, '_');
      return std::string(parts.size() == 3 ? parts[1] : parts[0]);
    }
    case in_comment:
      for (const std::string& comment : comments)
        if (const auto words = split_words(comment);
            words.size() >= 2 && lower(words[0]) == "patient" && parse_int(words[1]))
          return std::string(words[1]);
      return name;
    case record:
      break;
  }
  return name;
}

/// Rhythms with the sample from which they are in force.
using Rhythms = std::vector<std::pair<std::int64_t, std::string>>;

Rhythms rhythms_of(const std::vector<signal::Annotation>& marks) {
  Rhythms rhythms;
  for (const auto& mark : marks)
    if (mark.symbol == "+" && mark.text.size() > 1 && mark.text[0] == '(') {
      const std::string name = mark.text.substr(1, mark.text.find('\0') - 1);  // some end in NUL
      rhythms.emplace_back(mark.sample, std::string(trim(name)));
    }
  return rhythms;
}

/// Labels of the samples from `first` to before `last`.
void label_stretch(const std::vector<signal::Annotation>& marks, const Rhythms& rhythms,
                   std::int64_t first, std::int64_t last, store::RecordEntry& entry) {
  std::map<std::string, std::int64_t> beats;
  auto mark = std::ranges::lower_bound(marks, first, {}, &signal::Annotation::sample);
  for (; mark != marks.end() && mark->sample < last; ++mark)
    if (const auto* code = format::find_annotation_symbol(mark->symbol); code && code->is_beat)
      ++beats[mark->symbol];
  for (const auto& [symbol, count] : beats)
    entry.labels.push_back({"beat", symbol, static_cast<double>(count)});
  std::map<std::string, std::int64_t> samples;
  for (std::size_t i = 0; i < rhythms.size(); ++i) {
    const std::int64_t begin = std::max(rhythms[i].first, first);
    const std::int64_t end = i + 1 < rhythms.size() ? std::min(rhythms[i + 1].first, last) : last;
    if (end > begin) samples[rhythms[i].second] += end - begin;
  }
  for (const auto& [name, count] : samples)
    entry.labels.push_back(
        {"rhythm", name, static_cast<double>(count) / static_cast<double>(last - first)});
}

/// One record of the database, whole or in windows.
class RecordLister {
 public:
  RecordLister(const WfdbDatabase& database, const CorpusSource& source, Corpus& corpus)
      : database_(database), source_(source), corpus_(corpus) {}

  void add(const std::string& path) {
    whole_ = {};
    whole_.file = (source_.folder / path).string();
    whole_.entry.path = path;
    std::optional<std::int64_t> length;
    double rate_hz = 0;
    try {
      const auto header = format::read_wfdb_header(format::wfdb_header_path(whole_.file));
      whole_.entry.patient = patient_of(database_, path, header.comments);
      read_header_comments(header.comments, database_.comment_kind, whole_.entry);
      rate_hz = header.rate_hz;
      length = header.length;
      if (!length && database_.windows) length = format::read_wfdb(whole_.file).length;
      read_marks();
    } catch (const Error&) {  // it is quarantined, with the same reason, when it is read
      corpus_.records.push_back(whole_);
      return;
    }
    const double window = database_.windows ? source_.window_s : 0;
    if (window > 0)
      add_windows(window, rate_hz, *length);
    else
      add_whole(length.value_or(1));
  }

 private:
  void read_marks() {
    marks_.clear();
    if (database_.annotator.empty()) return;
    const fs::path file = whole_.file + "." + std::string(database_.annotator);
    if (!fs::exists(file)) {
      whole_.entry.notes.push_back(fmt::format("no annotations ({})", file.filename().string()));
      return;
    }
    marks_ = format::read_wfdb_annotations(file).items;
    std::ranges::stable_sort(marks_, {}, &signal::Annotation::sample);
    rhythms_ = rhythms_of(marks_);
  }

  void add_whole(std::int64_t length) {
    if (!marks_.empty()) label_stretch(marks_, rhythms_, 0, length, whole_.entry);
    corpus_.records.push_back(whole_);
  }

  void add_windows(double window, double rate_hz, std::int64_t length) {
    const double seconds = static_cast<double>(length) / rate_hz;
    const auto count = static_cast<std::int64_t>(seconds / window);
    for (std::int64_t w = 0; w < count; ++w) {
      SourceRecord record = whole_;
      record.from_s = static_cast<double>(w) * window;
      record.to_s = record.from_s + window;
      record.entry.path = fmt::format("{}@{}", whole_.entry.path, record.from_s);
      if (!marks_.empty())
        label_stretch(marks_, rhythms_, std::llround(record.from_s * rate_hz),
                      std::llround(*record.to_s * rate_hz), record.entry);
      corpus_.records.push_back(std::move(record));
    }
    if (count == 0) corpus_.records.push_back(whole_);
  }

  const WfdbDatabase& database_;
  const CorpusSource& source_;
  Corpus& corpus_;
  SourceRecord whole_;
  std::vector<signal::Annotation> marks_;
  Rhythms rhythms_;
};

}  // namespace

std::span<const WfdbDatabase> wfdb_databases() { return kDatabases; }

const WfdbDatabase* find_wfdb_database(std::string_view name) {
  const auto* const found = std::ranges::find(kDatabases, name, &WfdbDatabase::name);
  return found == std::end(kDatabases) ? nullptr : found;
}

std::vector<std::string> leads_of(const WfdbDatabase& database) {
  std::vector<std::string> leads;
  if (database.leads.empty()) return leads;
  for (const auto lead : split(database.leads, ',')) leads.emplace_back(lead);
  return leads;
}

Corpus list_wfdb_database(const WfdbDatabase& database, const CorpusSource& source) {
  Corpus corpus;
  RecordLister lister(database, source, corpus);
  for (const std::string& path : stems_below(source.folder, ".hea")) lister.add(path);
  return corpus;
}

}  // namespace einthoven::corpus
