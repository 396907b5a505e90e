#include <doctest/doctest.h>

#include "einthoven/config/reference.h"

using namespace einthoven::config;

TEST_CASE("help lists every key with type, default and meaning") {
  const Schema schema{typed_groups()};
  const std::string text = help_text(schema);
  const std::string markdown = help_markdown(schema);
  for (const Group& group : schema.groups) {
    for (const FieldInfo& info : field_infos(group.choices.front().second)) {
      CAPTURE(info.name);
      CHECK(text.find("  " + group.name + "." + info.name + " ") != std::string::npos);
      CHECK(markdown.find("| `" + info.name + "` | " + info.type + " |") != std::string::npos);
    }
  }
  CHECK(text.find("list[float] = [0.25]") != std::string::npos);
  CHECK(text.find("int? = ${dataset.batch_size}") != std::string::npos);
}

TEST_CASE("choices of a group list what they do not share") {
  struct Base {
    double rate = 0.1;
    void describe(Visitor& v) { v.field("rate", rate, "a rate"); }
  };
  const Describe base = [](Visitor& v) { Base().describe(v); };
  const Describe more = [](Visitor& v) {
    Base().describe(v);
    std::string path;
    v.field("path", path, "a|b", {.mandatory = true});
  };
  const Schema schema{{{"model", "the network", {{"plain", base}, {"more", more}}}}};
  const std::string text = help_text(schema);
  CHECK(text.find("model._name=more, 1 options as above") != std::string::npos);
  CHECK(text.find("model.rate") == text.rfind("model.rate"));
  CHECK(text.find("str = mandatory") != std::string::npos);
  CHECK(help_markdown(schema).find("a\\|b") != std::string::npos);
}
