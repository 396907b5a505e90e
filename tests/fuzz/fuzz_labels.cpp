// Tables of labels, splits, classes and diagnoses.
#include "einthoven/store/label_table.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path path = fuzz::scratch().write("r.csv", fuzz::text_of(data, size));
  const auto classes = store::challenge_2021_classes(false);
  store::LabelTable labels;
  store::LabelledSplits splits;
  fuzz::try_parse([&] { labels = store::read_labels(path); });
  fuzz::try_parse([&] { splits = store::read_splits(path); });
  fuzz::try_parse([&] { count_labels(labels, splits).csv(); });
  fuzz::try_parse([&] { co_occurrence(labels); });
  fuzz::try_parse([&] { store::read_challenge_classes(path, path, false); });
  fuzz::try_parse([&] { store::labels_of_diagnoses(path, classes).csv(); });
  return fuzz::try_parse([&] { store::labels_of_columns(path, {"AF", "RBBB"}).csv(); });
}
