// Which leads of a signal a model sees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/data/dataset.h"

namespace einthoven::data {

/// "[0, 1, 'V5']", "I,II,v5" or "[]": standard lead numbers. config error naming `key` on an
/// unknown lead or one outside 0 to 11.
std::vector<std::int64_t> parse_lead_list(std::string_view text, std::string_view key);

struct LeadChoice {
  std::vector<std::int64_t> leads;   ///< numbers of standard leads to keep, in this order
  std::vector<std::int64_t> bucket;  ///< of these only one, drawn for each sample
  bool pad = false;                  ///< put them into 12 rows by number, others zero
};

/// Keeps chosen leads. With a bucket the others are kept in ascending order, then the drawn one.
class LeadSelection final : public DatasetDecorator {
 public:
  /// `rows` are the lead numbers of the inner signals (empty: standard order). config error if the
  /// bucket is no subset of the leads, or is used with padding.
  LeadSelection(std::unique_ptr<Dataset> inner, LeadChoice choice, std::vector<std::int64_t> rows,
                std::uint64_t seed);

  /// data error if a signal lacks a chosen lead.
  Item get(std::size_t index, const Context& context) const override;

 private:
  std::vector<std::int64_t> draw_leads(std::int64_t id, const Context& context) const;
  Signal select(const Signal& signal, const std::vector<std::int64_t>& leads) const;

  LeadChoice choice_;
  std::vector<std::int64_t> rows_;
  std::uint64_t seed_;
};

}  // namespace einthoven::data
