// A vocabulary, NUL, and a text for WordPiece.
#include "einthoven/text/wordpiece.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const fs::path path = fuzz::scratch().write("vocab.txt", fuzz::take_part(rest));
  return fuzz::try_parse([&] { text::WordPiece(path).encode(rest); });
}
