#include "einthoven/corpus/sph.h"

#include <fmt/core.h>

#include <set>

#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/corpus_files.h"

namespace einthoven::corpus {
Corpus list_sph(const CorpusSource& source) {
  Corpus corpus;
  corpus.any_format = true;
  corpus.reading = source.reading;
  const CsvTable table = read_csv(source.folder / "metadata.csv");
  const std::size_t id = table.column("ECG_ID"), codes = table.column("AHA_Code"),
                    patient = table.column("Patient_ID"), sex = table.column("Sex");
  const FieldColumns fields(table, {{"Age", "age"}, {"Date", "recording_date"}});
  const bool in_records = fs::is_directory(source.folder / "records");
  std::set<std::string> listed;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    SourceRecord record;
    store::RecordEntry& entry = record.entry;
    const std::string name = row[id].ends_with(".h5") ? row[id] : row[id] + ".h5";
    listed.insert(name);
    entry.path = in_records ? "records/" + name : name;
    record.file =
        path_inside(source.folder, entry.path, fmt::format("{}:{}", table.source, i + 2)).string();
    entry.patient = row[patient];
    fields.add(row, entry);
    if (const std::string code = sex_code(row[sex]); !code.empty())
      entry.fields.emplace_back("sex", code);
    for (const auto code : split(row[codes], ';'))
      if (const auto text = trim(code); !text.empty())
        entry.labels.push_back({"aha", std::string(text), 1});
    corpus.records.push_back(std::move(record));
  }
  tell_unlisted(in_records ? source.folder / "records" : source.folder, ".h5", "recordings",
                table.source,
                [&](const fs::path& file) { return listed.contains(file.filename()) ? 0 : 1; });
  return corpus;
}

}  // namespace einthoven::corpus
