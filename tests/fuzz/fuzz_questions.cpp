// ECG-QA: questions (.json) and the tables of answers.
#include "einthoven/corpus/ecgqa.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  fs::create_directories(fuzz::scratch().folder() / "questions");
  fuzz::scratch().write("questions/0.json", text);
  fuzz::try_parse([&] {
    corpus::for_each_question(
        fuzz::scratch().folder() / "questions",
        [](const corpus::Question& q) { corpus::question_type_ids(q); },
        [](const Error& error) { throw error; });
  });
  fuzz::scratch().write("answers.csv", text);
  fuzz::scratch().write("answers_for_each_template.csv", text);
  return fuzz::try_parse([&] { corpus::read_answer_space(fuzz::scratch().folder()); });
}
