// Configuration of the report labeler: NAME, NUL, the content of NAME.json, in a folder that has
// the other files of our own configuration.
#include <algorithm>

#include "einthoven/text/labeler/labeler.h"
#include "fuzz.h"

using namespace einthoven;

namespace {

constexpr const char* kConfiguration[] = {
    "attached_desc_tem", "compound_tem", "connective",     "desc_pat",           "desc_tem",
    "entity_pat",        "entity_tem",   "split_desc_tem", "traveling_desc_tem", "uncertainty_map"};
constexpr const char* kNormalisation[] = {"preprocess_rules", "replacements"};

bool among(const std::string& name, const auto& names) {
  return std::ranges::find(names, name) != std::ranges::end(names);
}

const fs::path& folder() {
  static const fs::path copy = [] {
    const fs::path made = fuzz::scratch().folder() / "labeler";
    fs::copy(EINTHOVEN_LABELER, made);
    return made;
  }();
  return copy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string name(fuzz::take_part(rest));
  const bool normalises = among(name, kNormalisation);
  if (!normalises && !among(name, kConfiguration)) return -1;
  const fs::path file = folder() / (name + ".json");
  fuzz::scratch().write("labeler/" + name + ".json", rest);
  fuzz::try_parse([&] {
    if (normalises)  // a whole labeler takes long to make
      text::Labeler(folder()).label("Sinus rhythm. Possible septal infarct, no LBBB");
    else
      text::read_labeler_config(folder());
  });
  fs::remove(file);
  const fs::path own = fs::path(EINTHOVEN_LABELER) / file.filename();
  if (fs::exists(own)) fs::copy_file(own, file);
  return 0;
}
