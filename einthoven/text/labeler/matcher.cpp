#include "einthoven/text/labeler/matcher.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "einthoven/base/unicode_class.h"

namespace einthoven::text {
namespace {

std::vector<std::uint32_t> ranks(const std::vector<std::u32string>& patterns,
                                 const std::vector<int>& batches) {
  std::vector<std::uint32_t> order(patterns.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int batch_a = batches.empty() ? 0 : batches[a];
    const int batch_b = batches.empty() ? 0 : batches[b];
    return std::make_tuple(batch_a, patterns[b].size()) <
           std::make_tuple(batch_b, patterns[a].size());
  });
  std::vector<std::uint32_t> rank(patterns.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) rank[order[place]] = place + 1;
  return rank;
}

/// Who owns each code point of a text: the rank of a pattern, or 0.
class Claims {
 public:
  explicit Claims(std::u32string_view text) : text_(text), owner_(text.size(), 0) {}

  bool free(std::size_t begin, std::size_t end) const {
    return std::all_of(owner_.begin() + static_cast<std::ptrdiff_t>(begin),
                       owner_.begin() + static_cast<std::ptrdiff_t>(end),
                       [](std::uint32_t owner) { return owner == 0; });
  }
  /// Occurrences of one pattern see the text as it was before the first of them.
  bool is_word_for(std::uint32_t rank, std::size_t at) const {
    return (owner_[at] != 0 && owner_[at] != rank) || is_word(text_[at]);
  }
  void take(std::uint32_t rank, std::size_t begin, std::size_t end) {
    std::fill(owner_.begin() + static_cast<std::ptrdiff_t>(begin),
              owner_.begin() + static_cast<std::ptrdiff_t>(end), rank);
  }

 private:
  std::u32string_view text_;
  std::vector<std::uint32_t> owner_;
};

}  // namespace

PatternMatcher::PatternMatcher(std::vector<std::u32string> patterns,
                               const std::vector<int>& batches)
    : patterns_(std::move(patterns)), rank_(ranks(patterns_, batches)), automaton_(patterns_) {}

std::vector<Match> PatternMatcher::match(std::u32string_view text) const {
  std::vector<Automaton::Hit> hits;
  automaton_.find(text, hits);
  std::sort(hits.begin(), hits.end(), [&](const Automaton::Hit& a, const Automaton::Hit& b) {
    return std::make_tuple(rank_[a.pattern], a.begin) < std::make_tuple(rank_[b.pattern], b.begin);
  });
  Claims claims(text);
  std::vector<Match> matches;
  for (const auto& [index, begin] : hits) {
    const auto& pattern = patterns_[index];
    const std::size_t end = begin + pattern.size();
    if (!claims.free(begin, end)) continue;
    if (begin > 0 && is_alphanumeric(pattern.front()) &&
        claims.is_word_for(rank_[index], begin - 1))
      continue;
    if (end < text.size() && is_alphanumeric(pattern.back()) &&
        claims.is_word_for(rank_[index], end))
      continue;
    claims.take(rank_[index], begin, end);
    matches.push_back({index, begin, static_cast<std::uint32_t>(end)});
  }
  std::sort(matches.begin(), matches.end(),
            [](const Match& a, const Match& b) { return a.begin < b.begin; });
  return matches;
}

std::u32string without_matches(std::u32string_view text, const std::vector<Match>& matches) {
  std::u32string out;
  std::size_t from = 0;
  for (const Match& match : matches) {
    out += text.substr(from, match.begin - from);
    from = match.end;
  }
  return out += text.substr(from);
}

}  // namespace einthoven::text
