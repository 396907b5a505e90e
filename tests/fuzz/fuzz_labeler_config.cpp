// Configuration of the report labeler: NAME, NUL, the content of NAME.json, in a folder that has
// the other files of our own configuration.
#include "einthoven/text/labeler/labeler.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path folder = fuzz::scratch().folder() / "labeler";
  fs::remove_all(folder);
  fs::copy(EINTHOVEN_LABELER, folder);
  std::string_view rest = fuzz::text_of(data, size);
  const std::string name(fuzz::take_part(rest));
  for (const char* known :
       {"attached_desc_tem", "compound_tem", "connective", "desc_pat", "desc_tem", "entity_pat",
        "entity_tem", "preprocess_rules", "replacements", "split_desc_tem", "traveling_desc_tem",
        "uncertainty_map"})
    if (name == known) {
      fuzz::scratch().write("labeler/" + name + ".json", rest);
      return fuzz::try_parse([&] {
        text::Labeler(folder).label(
            "Sinus rhythm. Possible septal infarct, no LBBB (abnormal ECG)");
      });
    }
  return -1;
}
