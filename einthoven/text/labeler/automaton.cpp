#include "einthoven/text/labeler/automaton.h"

#include <queue>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode_class.h"

namespace einthoven::text {
namespace {

constexpr std::size_t kMostTransitions = std::size_t{1} << 26;

}  // namespace

char32_t fold_case(char32_t code) {
  if (code == 0x17F) return U's';
  if (code == 0x130 || code == 0x131) return U'i';
  return to_lower(code);
}

Automaton::Automaton(const std::vector<std::u32string>& patterns, Case letter_case)
    : case_(letter_case), same_(patterns.size(), -1) {
  add_alphabet(patterns);
  std::size_t characters = 1;
  for (const auto& pattern : patterns) {
    characters += pattern.size();
    lengths_.push_back(static_cast<std::uint32_t>(pattern.size()));
  }
  if (characters * alphabet_ > kMostTransitions)
    throw config_error("patterns: too many different characters in too long a list");
  next_.assign(alphabet_, 0);
  first_.assign(1, -1);
  for (std::size_t i = 0; i < patterns.size(); ++i)
    if (!patterns[i].empty()) add_pattern(patterns[i], static_cast<std::int32_t>(i));
  link();
}

std::uint32_t Automaton::symbol(char32_t code) const {
  if (case_ == Case::ignored) code = fold_case(code);
  if (code < ascii_.size()) return ascii_[code];
  const auto found = beyond_ascii_.find(code);
  return found == beyond_ascii_.end() ? 0 : found->second;
}

void Automaton::add_alphabet(const std::vector<std::u32string>& patterns) {
  for (const auto& pattern : patterns)
    for (char32_t code : pattern) {
      if (case_ == Case::ignored) code = fold_case(code);
      std::uint32_t& known = code < ascii_.size() ? ascii_[code] : beyond_ascii_[code];
      if (known == 0) known = alphabet_++;
    }
}

void Automaton::add_pattern(const std::u32string& pattern, std::int32_t index) {
  std::size_t node = 0;
  for (const char32_t code : pattern) {
    const std::size_t edge = node * alphabet_ + symbol(code);
    if (next_[edge] == 0) {
      next_[edge] = static_cast<std::int32_t>(first_.size());
      first_.push_back(-1);
      next_.resize(next_.size() + alphabet_, 0);
    }
    node = static_cast<std::size_t>(next_[edge]);
  }
  same_[static_cast<std::size_t>(index)] = first_[node];
  first_[node] = index;
}

void Automaton::link() {
  std::vector<std::int32_t> fail(first_.size(), 0);
  shorter_.assign(first_.size(), 0);
  std::queue<std::int32_t> open;
  open.push(0);
  while (!open.empty()) {
    const auto node = static_cast<std::size_t>(open.front());
    open.pop();
    const auto back = static_cast<std::size_t>(fail[node]);
    if (node != 0) shorter_[node] = first_[back] >= 0 ? fail[node] : shorter_[back];
    for (std::uint32_t s = 0; s < alphabet_; ++s) {
      std::int32_t& child = next_[node * alphabet_ + s];
      const std::int32_t fallback = node == 0 ? 0 : next_[back * alphabet_ + s];
      if (child == 0) {
        child = fallback;
      } else {
        fail[static_cast<std::size_t>(child)] = fallback;
        open.push(child);
      }
    }
  }
}

void Automaton::find(std::u32string_view text, std::vector<Hit>& hits) const {
  std::size_t node = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    node = static_cast<std::size_t>(next_[node * alphabet_ + symbol(text[i])]);
    std::size_t at = first_[node] >= 0 ? node : static_cast<std::size_t>(shorter_[node]);
    for (; at != 0; at = static_cast<std::size_t>(shorter_[at]))
      for (std::int32_t p = first_[at]; p >= 0; p = same_[static_cast<std::size_t>(p)])
        hits.push_back({static_cast<std::uint32_t>(p),
                        static_cast<std::uint32_t>(i + 1) - lengths_[static_cast<std::size_t>(p)]});
  }
}

}  // namespace einthoven::text
