// WordPiece tokens of BERT's uncased models (Devlin et al. 2019), from their vocab.txt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::text {

/// Words as BERT's uncased tokenizer splits them before WordPiece: control characters removed,
/// white space and punctuation separate, CJK characters stand alone, letters lower-case without
/// accents (Latin letters; those of other scripts stay as they are).
std::vector<std::string> uncased_words(std::string_view utf8);

class WordPiece {
 public:
  /// One token a line; a token's number is its line, from 0. Data error unless [UNK], [CLS] and
  /// [SEP] are there.
  explicit WordPiece(const fs::path& vocabulary);

  std::size_t size() const { return numbers_.size(); }
  /// [CLS], the tokens of the text, [SEP].
  std::vector<std::int64_t> encode(std::string_view utf8) const;

 private:
  void append_word(const std::string& word, std::vector<std::int64_t>& tokens) const;

  std::unordered_map<std::string, std::int64_t> numbers_;
  std::int64_t unknown_ = 0;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace einthoven::text
