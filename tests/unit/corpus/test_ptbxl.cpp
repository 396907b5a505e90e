#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/corpus/ptbxl.h"
#include "tests/unit/corpus/corpus_fixture.h"

using namespace einthoven;
using namespace einthoven::corpus;
using namespace einthoven::corpus::testing;

namespace {

constexpr const char* kStatements =
    ",description,diagnostic,diagnostic_class\nNORM,normal,1.0,NORM\nIMI,x,1.0,MI\n"
    "AMI,x,1.0,MI\nSR,sinus,,\n";

Corpus corpus_of(const std::string& row) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "scp_statements.csv", kStatements);
  write_file_atomically(
      folder.path() / "ptbxl_database.csv",
      "ecg_id,patient_id,age,sex,scp_codes,strat_fold,filename_lr,filename_hr\n" + row);
  return list_ptbxl({.folder = folder.path(), .rate_hz = 500});
}

}  // namespace

TEST_CASE("patients, folds, statements and superclasses") {
  const Corpus corpus = corpus_of(
      "7,15709.0,56.0,1,\"{'IMI': 100.0, 'AMI': 0.0, 'SR': "
      "0.0}\",3,records100/a_lr,records500/a_hr\n");
  const store::RecordEntry& entry = corpus.records.at(0).entry;
  CHECK(entry.path == "records500/a_hr");
  CHECK(entry.patient == "15709");
  CHECK(entry.splits[0].second == "3");
  CHECK(entry.fields[1].second == "56");
  std::vector<std::string> labels;
  for (const auto& label : entry.labels) labels.push_back(label.kind + " " + label.name);
  CHECK(labels == std::vector<std::string>{"scp IMI", "superclass MI", "scp AMI", "scp SR"});
  CHECK(entry.labels[0].value == 100);
}

TEST_CASE("statements that are missing or broken") {
  CHECK(corpus_of("7,1,5,1,nan,3,x,y\n").records.at(0).entry.labels.empty());
  CHECK(corpus_of("7,1,5,1,,3,x,y\n").records.at(0).entry.labels.empty());
  CHECK_THROWS_WITH_AS(corpus_of("7,1,5,1,{broken,3,x,y\n"),
                       doctest::Contains("ptbxl_database.csv:2: scp_codes"), Error);
}

TEST_CASE("a table that leads out of the corpus is refused") {
  CHECK_THROWS_AS(corpus_of("7,1,5,1,{},3,x,../../etc/passwd\n"), Error);
  CHECK_THROWS_AS(corpus_of("7,1,5,1,{},3,x,/etc/passwd\n"), Error);
}

TEST_CASE("the real subset is listed and read") {
  SHARED_OR_SKIP(data, "data/ptbxl_1.0.3_subset");
  const Corpus corpus = list_ptbxl({.folder = data, .rate_hz = 100});
  REQUIRE(corpus.records.size() == 254);
  const Extract extract = extract_record(corpus.records[0].file, parse_leads({}, false));
  CHECK(extract.available.size() == 12);
  CHECK(extract.rate_hz == 100);
}
