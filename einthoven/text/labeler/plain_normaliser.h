// The normaliser of our own configuration: one ordered list of replacements.
#pragma once

#include "einthoven/text/labeler/json_node.h"
#include "einthoven/text/labeler/normaliser.h"
#include "einthoven/text/labeler/replacer.h"

namespace einthoven::text {

/// Lower case; umlauts in their two-letter form (ae, oe, ue, ss); runs of blanks become one; then
/// the replacements of the file, in its order, first `anywhere`, then `words` (whole words only):
/// `{"anywhere": [[from, to], ...], "words": [[from, to], ...]}`, both optional.
class PlainNormaliser : public Normaliser {
 public:
  PlainNormaliser();
  explicit PlainNormaliser(const JsonNode& rules);
  std::u32string operator()(std::u32string_view report) const override;

 private:
  SequentialReplacer anywhere_, words_;
};

/// The pairs under `key`, or none.
std::vector<Replacement> read_replacements(const JsonNode& rules, std::string_view key);

}  // namespace einthoven::text
