// Reports through our own configuration of the labeler, in both modes, explained.
#include <nlohmann/json.hpp>

#include "einthoven/text/labeler/explain.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const text::Labeler fixed(EINTHOVEN_LABELER);
  static const text::Labeler reference(EINTHOVEN_LABELER, text::LabelerMode::reference);
  for (const text::Labeler* labeler : {&fixed, &reference})
    fuzz::try_parse([&] {
      const text::LabelledReport report = labeler->label(fuzz::text_of(data, size));
      explain(*labeler, report);
      explain_json(*labeler, report, 0).dump();
    });
  return 0;
}
