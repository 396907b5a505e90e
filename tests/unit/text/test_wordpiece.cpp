#include <doctest/doctest.h>
#include <unistd.h>

#include "einthoven/base/error.h"
#include "einthoven/text/wordpiece.h"

using namespace einthoven;
using namespace einthoven::text;

namespace {

using Words = std::vector<std::string>;

/// A vocabulary file that is gone at the end of the test.
class Vocabulary {
 public:
  explicit Vocabulary(const std::string& lines)
      : path_(fs::temp_directory_path() / ("einthoven_vocab_" + std::to_string(::getpid()))) {
    write_file_atomically(path_, lines);
  }
  ~Vocabulary() { fs::remove(path_); }
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

// The expected words are those of BertNormalizer and BertPreTokenizer of the package tokenizers.
TEST_CASE("words of the uncased models") {
  CHECK(uncased_words("Überleitungsstörung, Lage-Typ?") ==
        Words{"uberleitungsstorung", ",", "lage", "-", "typ", "?"});
  CHECK(uncased_words("Linksschenkelblock\u00a0(LSB)\tx") ==
        Words{"linksschenkelblock", "(", "lsb", ")", "x"});
  CHECK(uncased_words("naïve Łódź ÆØ ß œ") == Words{"naive", "łodz", "æø", "ß", "œ"});
  CHECK(uncased_words("a\u0301b 心電図 test") == Words{"ab", "心", "電", "図", "test"});
  CHECK(uncased_words("don't stop—now… “q”") ==
        Words{"don", "'", "t", "stop", "—", "now", "…", "“", "q", "”"});
  CHECK(uncased_words("ST‑T ½ 5µV ±2 §1 ×") ==
        Words{"st", "‑", "t", "½", "5µv", "±2", "§", "1", "×"});
  CHECK(uncased_words("\u200bzero\u00adwidth") == Words{"zerowidth"});
  CHECK(uncased_words("").empty());
}

TEST_CASE("the longest piece first; a word with an unknown rest is unknown") {
  const Vocabulary vocabulary("[PAD]\n[UNK]\n[CLS]\n[SEP]\ninfarct\n##ion\n##s\ninfarction\n?\n");
  const WordPiece pieces(vocabulary.path());
  CHECK(pieces.size() == 9);
  using Tokens = std::vector<std::int64_t>;
  CHECK(pieces.encode("Infarctions?") == Tokens{2, 7, 6, 8, 3});
  CHECK(pieces.encode("infarctly infarct") == Tokens{2, 1, 4, 3});
  CHECK(pieces.encode(std::string(101, 's')) == Tokens{2, 1, 3});
  CHECK(pieces.encode("") == Tokens{2, 3});
  const Vocabulary poor("[PAD]\n[UNK]\n");
  CHECK_THROWS_AS(WordPiece(poor.path()), Error);
}
