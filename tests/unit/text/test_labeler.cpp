#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <map>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"
#include "einthoven/text/labeler/explain.h"
#include "einthoven/text/labeler/labeler.h"

using namespace einthoven;
using namespace einthoven::text;

namespace {

/// A configuration folder, removed at the end.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("labeler_" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
    write("entity_tem", R"([{"name": "Finding", "require_descriptors": true},
      {"name": "Infarction", "sup": "Finding"}, {"name": "Block", "sup": ["Finding"]},
      {"name": "Old infarction", "sup": "Infarction"}, {"name": "Both"}])");
    write("entity_pat", R"([{"pattern": "infarct", "entities": "Infarction"},
      {"pattern": "block", "entities": [{"tem": "Block", "descriptors": []}]},
      {"pattern": "tracing", "entities": []}])");
    write("desc_tem", R"([{"name": "Possible"}, {"name": "Absence"}, {"name": "Old"},
      {"name": "Left", "patterns": "left"}, {"name": "Right"}])");
    write("desc_pat", R"([{"pattern": "possible", "descriptors": [{"tem": "Possible"}]},
      {"pattern": "no", "descriptors": "Absence"},
      {"pattern": "aged", "descriptors": "Old", "before_after": "a"},
      {"pattern": "somewhere", "descriptors": "Right", "before_after": "ab"},
      {"pattern": "bilateral", "descriptors": ["Both sides", "Old"]}])");
    write("split_desc_tem", R"([{"name": "Both sides", "split": ["Left", "Right"]}])");
    write("connective", R"([{"pattern": "and"},
      {"pattern": "around", "descriptors": [["Both sides"], []]}])");
    write("compound_tem", R"([{"entity": "Both", "including": ["Infarction",
      {"tem": "Block", "descriptors": ["Left"]}], "excluding": ["Old infarction"]}])");
    write(
        "attached_desc_tem",
        R"([{"resulting_entity": "Old infarction", "entity": "Infarction", "descriptor": "Old"}])");
    write("uncertainty_map", R"({"Possible": 0.5})");
  }
  ~Folder() { fs::remove_all(path_); }

  void write(const std::string& name, std::string_view json) const {
    write_file_atomically(path_ / (name + ".json"), json);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

using Labels = std::map<std::string, double>;

Labels labels(const Folder& folder, std::string_view report,
              LabelerMode mode = LabelerMode::fixed) {
  Labels all;
  for (const auto& [name, probability] : Labeler(folder.path(), mode).label(report).labels)
    all[name] = probability;
  return all;
}

void check_refused(const Folder& folder, const std::string& message) {
  CAPTURE(message);
  CHECK_THROWS_WITH_AS(Labeler(folder.path()), doctest::Contains(message.c_str()), Error);
}

}  // namespace

TEST_CASE("descriptors attach without a connective; the reference loses them") {
  const Folder folder;
  CHECK(labels(folder, "Possible infarct") ==
        Labels{{"Infarction", 0.5}, {"Infarction - Possible", 1}});
  CHECK(labels(folder, "Possible infarct", LabelerMode::reference) == Labels{{"Infarction", 1}});
  const Labels joined = {{"Infarction", 0.5}, {"Infarction - Possible", 1}, {"Block", 1}};
  CHECK(labels(folder, "possible infarct and block", LabelerMode::reference) == joined);
  CHECK(labels(folder, "possible infarct and block") == joined);
}

TEST_CASE("denied findings are dropped; the reference keeps them") {
  const Folder folder;
  CHECK(labels(folder, "no infarct and block") == Labels{{"Block", 1}});
  CHECK(labels(folder, "no infarct and block", LabelerMode::reference) ==
        Labels{{"Block", 1}, {"Infarction", 1}});
  CHECK(explain_json(Labeler(folder.path()), Labeler(folder.path()).label("no infarct"), 0)
            .at("denied")
            .dump() == R"(["Infarction"])");
}

TEST_CASE("reports without any pattern have no labels") {
  const Folder folder;
  for (const auto mode : {LabelerMode::fixed, LabelerMode::reference})
    for (const char* report : {"", "   ", "?", "tracing", "no", "possible", "\xFF\xFE"})
      CHECK(labels(folder, report, mode).empty());
}

TEST_CASE("a descriptor for both sides attaches to the nearer finding") {
  const Folder folder;
  CHECK(labels(folder, "infarct somewhere, far from a block").count("Infarction - Right") == 1);
  CHECK(labels(folder, "infarct and then somewhere block").count("Block - Right") == 1);
}

TEST_CASE("split descriptors stand for their parts, also in connectives") {
  const Folder folder;
  const Labels pattern = labels(folder, "bilateral block");
  CHECK(pattern.count("Block - Left") + pattern.count("Block - Right") +
            pattern.count("Block - Old") ==
        3);
  const Labels connective = labels(folder, "block around infarct");
  CHECK(connective.count("Block - Left") + connective.count("Block - Right") == 2);
  CHECK(labels(folder, "left block").count("Block - Left") == 1);
}

TEST_CASE("attached findings, their parents, and compounds") {
  const Folder folder;
  CHECK(labels(folder, "possible infarct aged").at("Infarction") == doctest::Approx(0.65));
  CHECK(labels(folder, "left block and infarct").count("Both") == 1);
  CHECK(labels(folder, "block and infarct").count("Both") == 0);
  CHECK(labels(folder, "left block and infarct aged").count("Both") == 0);
  const Labeler labeler(folder.path());
  const auto report = labeler.label("left block and infarct");
  CHECK(labeler.source(report.findings.entities.back(), 4) ==
        "compound - Both (+ Infarction, Block) (- Old infarction) [4]");
}

TEST_CASE("very long reports") {
  const Folder folder;
  std::string report;
  for (int i = 0; i < 2000; ++i) report += "possible infarct and no block; ";
  CHECK(labels(folder, report) == Labels{{"Infarction", 0.5}, {"Infarction - Possible", 1}});
}

TEST_CASE("faulty configurations give one line") {
  const Folder folder;
  const auto refused = [&](const std::string& name, std::string_view json,
                           const std::string& message) {
    const Folder fresh;
    fresh.write(name, json);
    check_refused(fresh, message);
  };
  refused("entity_tem", "{", "is not valid JSON");
  refused("entity_tem", "{}", "wrong type (got object, want list)");
  refused("entity_tem", R"([{"name": "A"}, {"name": "A"}])", "[1].name: repeated entity");
  refused("entity_tem", R"([{"name": "A", "sup": "B"}, {"name": "B", "sup": ["A"]}])",
          "is its own ancestor");
  refused("entity_pat", R"([{"pattern": "x", "entities": "Infarct"}])",
          "unknown entity (got \"Infarct\")");
  refused("entity_pat", R"([{"pattern": 3}])", "[0].pattern: wrong type");
  refused("entity_pat", R"([{"pattern": ""}])", "is empty");
  refused("entity_pat", R"([{"pattern": "and"}])", "repeated pattern (got \"and\")");
  refused("desc_pat", R"([{"pattern": "x", "descriptors": "Left", "before_after": "c"}])",
          "unknown side");
  refused("uncertainty_map", R"({"Possible": 1.5})", "no probability");
  refused("connective", R"([{"pattern": "x", "descriptors": [[]]}])", "wrong length");
  refused("entity_pat", std::string(200'000, '['), "nested too deeply");
  refused("replacements", R"({"words": [["", "x"]]})", "is empty");
  refused("replacements", R"({"words": [["x"]]})", "wrong length");
}
