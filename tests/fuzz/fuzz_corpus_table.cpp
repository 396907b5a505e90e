// The table of a plain folder of recordings, the reports of a table, and the list of an import.
#include "einthoven/corpus/corpus.h"
#include "einthoven/corpus/report_source.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path table = fuzz::scratch().write("table.csv", fuzz::text_of(data, size));
  const fs::path folder = fuzz::scratch().folder() / "recordings";
  fs::create_directories(folder);
  for (const char* name : {"recordings/a.csv", "recordings/b.csv"})
    fuzz::scratch().write(name, "# rate_hz: 500\nI,II\n0,0\n");
  fuzz::try_parse([&] {
    corpus::CorpusSource source;
    source.folder = folder;
    source.table.file = table;
    corpus::open_corpus("folder", source);
  });
  corpus::ReportSource reports;
  reports.path = table;
  return fuzz::try_parse([&] { corpus::read_reports(reports); });
}
