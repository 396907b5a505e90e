// What headers and tables of corpora say: comments, MIMIC's reports and times, large CSV files.
#include <doctest/doctest.h>

#include "einthoven/base/csv_index.h"
#include "einthoven/base/error.h"
#include "einthoven/corpus/header_comments.h"
#include "einthoven/corpus/mimic.h"
#include "einthoven/corpus/wfdb_databases.h"
#include "tests/unit/corpus/corpus_fixture.h"

using namespace einthoven;
using namespace einthoven::corpus;
using namespace einthoven::corpus::testing;

namespace {

/// "age=51 sex=1 | statement; statement".
std::string said(const std::vector<std::string>& comments, std::string_view kind) {
  store::RecordEntry entry;
  read_header_comments(comments, kind, entry);
  std::string text;
  for (const auto& [name, value] : entry.fields) text += name + "=" + value + " ";
  text += "|";
  for (const auto& label : entry.labels) text += " " + label.name + ";";
  return text;
}

}  // namespace

TEST_CASE("header comments in every form of the databases") {
  CHECK(said({"<age>: 51", "<sex>: F", "<diagnoses>:", "Rhythm: Sinus bradycardia.", "Overload. "},
             "ludb") == "age=51 sex=1 | Rhythm: Sinus bradycardia; Overload;");
  CHECK(said({"<age>: 65 <sex>: M <diagnoses> Coronary artery disease, hypertension", "patient 1",
              "PVCs, noise"},
             "diagnosis") == "age=65 sex=0 | Coronary artery disease; hypertension; PVCs; noise;");
  CHECK(said({"<age>: 65 <sex>: F ", "patient 1", "PVCs"}, "") == "age=65 sex=1 | PVCs;");
  CHECK(said({"Age: 71  Sex: M  NYHA class: III-IV"}, "") == "age=71 sex=0 |");
  CHECK(said({"32 M"}, "") == "age=32 sex=0 |");
  CHECK(said({"69 M 1085 1629 x1", "Aldomet, Inderal"}, "") == "age=69 sex=0 |");
  CHECK(said({"-1 F 1085 1629 x1"}, "") == "sex=1 |");
  CHECK(said({"paroxysmal atrial fibrillation"}, "diagnosis") ==
        "| paroxysmal atrial fibrillation;");
  CHECK(said({"age: 81", "sex: female", "Reason for admission: Myocardial infarction"},
             "reason for admission") == "age=81 sex=1 | Myocardial infarction;");
  CHECK(said({"Age: n/a", "<", "<age", ":", "23"}, "x") == "|");
  CHECK(said({}, "x") == "|");
}

TEST_CASE("reports of MIMIC are joined without empty parts") {
  const auto report = [](const std::string& cells) {
    return machine_report(parse_csv("report_0,report_1,report_2\n" + cells + "\n", "t"));
  };
  CHECK(report("Sinus rhythm,,Normal ECG") == "Sinus rhythm; Normal ECG");
  CHECK(report("Normal ECG;  Summary: Normal;,;,") == "Normal ECG; Summary: Normal");
  CHECK(report(",,").empty());
}

TEST_CASE("times of MIMIC are shifted into the years of the anchor group") {
  const MimicPatient patient{"1", 52, 2180, 2014};
  const auto time = shift_time(patient, "2180-07-23 08:44:00");
  REQUIRE(time);
  CHECK(time->ecg_time == "2015-07-23 08:44:00");
  CHECK(time->age == 52.55578370978782);  // of the reference
  CHECK_FALSE(shift_time(patient, "23/07/2180"));
  CHECK_FALSE(shift_time(patient, "2180-02-30 08:44:00"));
  CHECK_FALSE(shift_time(patient, ""));
}

TEST_CASE("rows of a large table are found by their key") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "t.csv";
  write_file_atomically(file, "a,id,b\n\"x, \"\"y\"\"\nz\",7,1\n,8,\nq,7,later\nshort\nu,9,end");
  const CsvIndex index(file, "id");
  CHECK(index.find(7)->rows[0] == std::vector<std::string>{"x, \"y\"\nz", "7", "1"});
  CHECK(index.find(8)->rows[0] == std::vector<std::string>{"", "8", ""});
  CHECK(index.find(9)->rows[0][2] == "end");
  CHECK_FALSE(index.find(10));
  CHECK_THROWS_AS(CsvIndex(file, "ident"), Error);
}

TEST_CASE("a row with a missing cell is a fault of that row") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "t.csv";
  write_file_atomically(file, "id,a,b\n1,x\n2,y,z\n");
  const CsvIndex index(file, "id");
  CHECK_THROWS_AS(index.find(1), Error);
  CHECK(index.find(2)->rows.size() == 1);
}

TEST_CASE("a large table comes in chunks with the numbers of its rows") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "t.csv";
  std::string text = "id,note\n";
  for (int i = 0; i < 10000; ++i) text += std::to_string(i) + ",\"a\nb\"\n";
  write_file_atomically(file, text);
  std::size_t rows = 0, chunks = 0;
  read_csv_in_chunks(file, [&](const CsvTable& chunk, std::size_t first_row) {
    CHECK(first_row == rows);
    CHECK(chunk.rows[0][0] == std::to_string(rows));
    rows += chunk.rows.size();
    ++chunks;
  });
  CHECK(rows == 10000);
  CHECK(chunks == 3);
  write_file_atomically(file, text + "short\n");
  CHECK_THROWS_AS(read_csv_in_chunks(file, [](const CsvTable&, std::size_t) {}), Error);
}

TEST_CASE("damaged gzip tables are data errors") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "t.csv.gz";
  write_file_atomically(file, std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03garbage", 17));
  CHECK_THROWS_AS(read_csv(file), Error);
  write_file_atomically(file, "a,b\n1,2\n");
  CHECK(read_csv(file).rows.size() == 1);
}

TEST_CASE("every database can be imitated and has a name of its own") {
  for (const WfdbDatabase& database : wfdb_databases()) {
    INFO(database.name);
    CHECK(find_wfdb_database(database.name) == &database);
    CHECK(database.seconds * database.rate_hz > 1000);
    const auto leads = corpus_leads(database.name);
    CHECK(parse_leads({}, false, leads).names == leads);
  }
  CHECK(corpus_leads("folder", {"MLII", "v5"}).back() == "MLII");
}
