// All occurrences of many patterns in one pass over a text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace einthoven::text {

/// Whether letters must agree in case.
enum class Case { exact, ignored };

/// Aho & Corasick 1975 ("Efficient string matching"), with complete transitions.
class Automaton {
 public:
  struct Hit {
    std::uint32_t pattern;  ///< index in the constructor's list
    std::uint32_t begin;    ///< first code point of the occurrence
  };

  /// Empty patterns never occur. Config error if the table would exceed 256 MiB.
  explicit Automaton(const std::vector<std::u32string>& patterns, Case letter_case = Case::exact);

  /// Appends every occurrence, also overlapping ones, by its end.
  void find(std::u32string_view text, std::vector<Hit>& hits) const;

 private:
  std::uint32_t symbol(char32_t code) const;
  void add_alphabet(const std::vector<std::u32string>& patterns);
  void add_pattern(const std::u32string& pattern, std::int32_t index);
  void link();

  Case case_;
  std::array<std::uint32_t, 128> ascii_{};
  std::unordered_map<char32_t, std::uint32_t> beyond_ascii_;
  std::uint32_t alphabet_ = 1;          ///< symbol 0: occurs in no pattern
  std::vector<std::int32_t> next_;      ///< [node][symbol]
  std::vector<std::int32_t> first_;     ///< [node]: a pattern that ends here, or -1
  std::vector<std::int32_t> same_;      ///< [pattern]: an equal pattern, or -1
  std::vector<std::int32_t> shorter_;   ///< [node]: the next node on the way to shorter hits, or 0
  std::vector<std::uint32_t> lengths_;  ///< [pattern]
};

/// Case-insensitive equality of Python's re: lower case, where the long s is an s and the dotless
/// i an i.
char32_t fold_case(char32_t code);

}  // namespace einthoven::text
