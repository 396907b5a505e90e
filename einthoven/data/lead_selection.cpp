#include "einthoven/data/lead_selection.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/base/strings.h"
#include "einthoven/signal/lead.h"

namespace einthoven::data {
namespace {

constexpr std::int64_t kLeads = 12;

bool contains(const std::vector<std::int64_t>& leads, std::int64_t lead) {
  return std::find(leads.begin(), leads.end(), lead) != leads.end();
}

std::string_view without(std::string_view text, std::string_view characters) {
  while (!text.empty() && characters.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && characters.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

std::int64_t parse_lead(std::string_view text, std::string_view key) {
  if (const auto number = parse_int(text)) {
    if (*number >= 0 && *number < kLeads) return *number;
  } else if (const auto named = signal::standard_lead_index(text)) {
    return *named;
  }
  throw config_error(fmt::format(
      "task.{}: unknown lead (got {}, want a number from 0 to 11 or a name from I to V6)", key,
      text));
}

}  // namespace

std::vector<std::int64_t> parse_lead_list(std::string_view text, std::string_view key) {
  std::vector<std::int64_t> leads;
  const std::string_view inside = without(text, " \t[]()");
  if (inside.empty()) return leads;
  for (const auto part : split(inside, ',')) {
    const std::string_view lead = without(part, " \t'\"");
    if (!lead.empty()) leads.push_back(parse_lead(lead, key));
  }
  return leads;
}

LeadSelection::LeadSelection(std::unique_ptr<Dataset> inner, LeadChoice choice,
                             std::vector<std::int64_t> rows, std::uint64_t seed)
    : DatasetDecorator(std::move(inner)),
      choice_(std::move(choice)),
      rows_(std::move(rows)),
      seed_(seed) {
  if (choice_.leads.empty()) throw config_error("task.leads_to_load: no lead is left");
  if (!choice_.bucket.empty() && choice_.pad)
    throw config_error("task.leads_bucket: cannot be used with task.enable_padding_leads");
  for (const auto lead : choice_.bucket)
    if (!contains(choice_.leads, lead))
      throw config_error(
          fmt::format("task.leads_bucket: lead {} is not among task.leads_to_load", lead));
}

std::vector<std::int64_t> LeadSelection::draw_leads(std::int64_t id, const Context& context) const {
  if (choice_.bucket.empty()) return choice_.leads;
  std::vector<std::int64_t> leads;
  for (const auto lead : choice_.leads)
    if (!contains(choice_.bucket, lead)) leads.push_back(lead);
  std::sort(leads.begin(), leads.end());
  RandomStream random(seed_, "leads_bucket", static_cast<std::uint64_t>(context.epoch),
                      static_cast<std::uint64_t>(id));
  leads.push_back(choice_.bucket[random.below(choice_.bucket.size())]);
  return leads;
}

Signal LeadSelection::select(const Signal& signal, const std::vector<std::int64_t>& leads) const {
  Signal selected(choice_.pad ? kLeads : static_cast<std::int64_t>(leads.size()), signal.length);
  for (std::size_t k = 0; k < leads.size(); ++k) {
    const std::int64_t row =
        rows_.empty() ? leads[k] : std::find(rows_.begin(), rows_.end(), leads[k]) - rows_.begin();
    if (row >= signal.leads)
      throw data_error(
          "task.leads_to_load",
          std::string(signal::kStandardLeads[static_cast<std::size_t>(leads[k])]),
          fmt::format("the signals have no such lead (they have {} leads)", signal.leads));
    const auto from = signal.lead(row);
    const auto to = selected.lead(choice_.pad ? leads[k] : static_cast<std::int64_t>(k));
    std::copy(from.begin(), from.end(), to.begin());
  }
  return selected;
}

Item LeadSelection::get(std::size_t index, const Context& context) const {
  Item item = inner().get(index, context);
  for (Sample& sample : item) sample.source = select(sample.source, draw_leads(sample.id, context));
  return item;
}

}  // namespace einthoven::data
