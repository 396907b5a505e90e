// Regular expressions of rule files, in the grammar of Python's re as far as PCRE2 shares it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::text {

/// A compiled expression; may be shared between threads. A build without PCRE2 throws on
/// construction.
class Regex {
 public:
  /// Config error that says where a faulty expression breaks off.
  explicit Regex(std::u32string_view pattern);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  /// Replaces every match; `\1` to `\9` in `replacement` stand for groups.
  void replace(std::u32string& text, std::u32string_view replacement) const;
  /// Every match with its groups: [match][group], group 0 being the whole. The views are into
  /// `text`. Data error if the expression needs too many steps.
  std::vector<std::vector<std::u32string_view>> find_all(std::u32string_view text) const;

 private:
  struct Code;
  std::unique_ptr<Code> code_;
};

}  // namespace einthoven::text
