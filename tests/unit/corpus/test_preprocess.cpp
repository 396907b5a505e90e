// T3 of the specification: the reference's tables and .mat files, cell by cell and bit by bit.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/corpus/preprocess.h"
#include "einthoven/format/mat.h"
#include "einthoven/store/store.h"
#include "tests/unit/corpus/corpus_fixture.h"

using namespace einthoven;
using namespace einthoven::corpus;
using namespace einthoven::corpus::testing;

namespace {

std::string with_root(std::string text, const fs::path& root) {
  for (std::size_t at = 0; (at = text.find("@ROOT@", at)) != std::string::npos;)
    text.replace(at, 6, root.string());
  return text;
}

/// Equal bit for bit, but any NaN equals any other; the fixture writes NaN as null.
bool equal_matrix(const std::vector<double>& found, const nlohmann::json& rows) {
  std::vector<double> wanted;
  for (const auto& row : rows)
    for (const auto& cell : row)
      wanted.push_back(cell.is_null() ? std::nan("") : cell.get<double>());
  return std::equal(found.begin(), found.end(), wanted.begin(), wanted.end(),
                    [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

/// Rows by save_file and all.
using Rows = std::map<std::string, std::map<std::string, std::string>>;

Rows rows_of(const CsvTable& table, const std::string& key) {
  Rows rows;
  for (const auto& row : table.rows)
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      rows[row[table.column(key)]][table.columns[c]] = row[c];
  return rows;
}

}  // namespace

TEST_CASE("the export equals the reference's tables and .mat files") {
  SHARED_OR_SKIP(fixtures, "fixtures/data_pipeline");
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "raw");
  fs::create_directory_symlink(fs::absolute(fixtures / "physionet2021_raw"),
                               folder.path() / "raw" / "training");
  PreprocessOptions options =
      physionet_options(folder.path() / "raw", folder.path() / "s.ecgstore");
  options.records_table = fixtures / "expected" / "physionet2021_records.csv";
  options.fairseq_folder = folder.path() / "proc" / "physionet2021";
  options.leads.exact = true;
  const IngestReport report = preprocess(options);
  CHECK(report.records == 7);
  CHECK(report.quarantined == 0);

  for (const std::string table : {"records", "segmented"}) {
    const std::string expected =
        read_file(fixtures / "expected" / ("physionet2021_" + table + ".csv"));
    CHECK(read_file(options.fairseq_folder / (table + ".csv")) ==
          with_root(expected, folder.path()));
  }
  const std::string expected = read_file(fixtures / "expected" / "physionet2021_meta.csv");
  const CsvTable wanted = parse_csv(with_root(expected, folder.path()), "expected");
  const CsvTable found = read_csv(options.fairseq_folder / "meta.csv");
  CHECK(found.columns == wanted.columns);
  const Rows found_rows = rows_of(found, "save_file");
  for (const auto& row : rows_of(wanted, "save_file"))
    for (const auto& cell : row.second) {
      INFO(row.first, " ", cell.first);
      CHECK(found_rows.at(row.first).at(cell.first) == cell.second);
    }

  const auto digests =
      nlohmann::json::parse(read_file(fixtures / "expected/physionet2021_mats.json"));
  for (const auto& file : digests.items()) {
    const format::MatFile mat = format::read_mat(options.fairseq_folder / file.key());
    for (const auto& variable : file.value().items()) {
      INFO(file.key(), " ", variable.key());
      const std::string& name = variable.key();
      const auto& value = variable.value();
      if (value.is_object()) {
        CHECK(sha256_hex(mat.at(name).data) == value["sha256_colmajor_f64_le"]);
        CHECK(mat.at(name).dims == value["shape"].get<std::vector<std::int64_t>>());
      } else {
        CHECK(equal_matrix(mat.at(name).as_double(), value));
      }
    }
  }
}

TEST_CASE("the store holds the same segments for any number of threads") {
  SHARED_OR_SKIP(fixtures, "fixtures/data_pipeline");
  const TemporaryFolder folder;
  PreprocessOptions options =
      physionet_options(fixtures / "physionet2021_raw", folder.path() / "one.ecgstore");
  options.threads = 1;
  preprocess(options);
  options.threads = 3;
  options.dest = folder.path() / "three.ecgstore";
  preprocess(options);
  for (const char* name : {"signals-00000.npy", "index.sqlite", "quarantine.csv"})
    CHECK(read_file(folder.path() / "one.ecgstore" / name) == read_file(options.dest / name));
  const store::Store store(options.dest);
  CHECK(store.segment(0).record == "physionet2021_cpsc_2018_g1_A0001");
  CHECK(store.segment(0).dataset == "cpsc_2018");
  store.verify();
}

TEST_CASE("bad recordings are quarantined and the run goes on") {
  const TemporaryFolder folder;
  write_challenge_record(folder.path() / "raw/A/A1", 6000);
  write_challenge_record(folder.path() / "raw/A/A3", 1000);
  write_file_atomically(folder.path() / "raw/A/A2.hea", "A2 12 many 5000\n");
  write_challenge_record(folder.path() / "raw/A_A1", 6000);  // the same name after flattening
  PreprocessOptions options =
      physionet_options(folder.path() / "raw", folder.path() / "s.ecgstore");
  const IngestReport report = preprocess(options);
  CHECK(report.records == 3);
  CHECK(report.segments == 4);
  CHECK(report.too_short == 1);
  CHECK(report.quarantined == 1);
  CHECK(read_csv(options.dest / "quarantine.csv").rows[0][1] == "A/A2");
  const store::Store store(options.dest);
  CHECK(store.segment(2).record == "physionet2021_A_A1~2");
}

TEST_CASE("options change the segments") {
  const TemporaryFolder folder;
  write_challenge_record(folder.path() / "raw/A/A1", 5000);
  PreprocessOptions options =
      physionet_options(folder.path() / "raw", folder.path() / "s.ecgstore");
  options.leads = parse_leads({"1", "V6", "II"}, false);
  options.rules.rate_hz = 250;
  options.rules.segment_seconds = 2.5;
  options.rules.normalise.kind = signal::Normalisation::off;
  CHECK(preprocess(options).segments == 4);
  const store::Store store(options.dest);
  CHECK(store.leads() == std::vector<std::string>{"II", "V6"});
  CHECK(store.segment(0).samples == 625);
  options.rules.segment_seconds = 0.0013;
  options.dest = folder.path() / "t.ecgstore";
  CHECK_THROWS_AS(preprocess(options), Error);
  CHECK_THROWS_AS(parse_leads({"12"}, false), Error);
}
