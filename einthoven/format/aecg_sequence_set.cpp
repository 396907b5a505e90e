#include "einthoven/format/aecg_sequence_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

constexpr std::string_view kLeadPrefix = "MDC_ECG_LEAD_";

double days_since_1970(int year, int month, int day) {
  namespace chr = std::chrono;
  const chr::year_month_day date(chr::year(year), chr::month(static_cast<unsigned>(month)),
                                 chr::day(static_cast<unsigned>(day)));
  return date.ok() ? static_cast<double>(chr::sys_days(date).time_since_epoch().count()) : 0;
}

/// Millivolts of `value` in its unit; data error if it is not a voltage.
double millivolts(const XmlDocument& xml, pugi::xml_node quantity, const char* field) {
  const auto unit = millivolts_per(quantity.attribute("unit").value());
  const auto value = parse_double(quantity.attribute("value").value());
  if (!unit || !value || !std::isfinite(*value))
    throw data_error(xml.source(), field, "is not a voltage");
  return *value * *unit;
}

LeadSamples read_lead(const XmlDocument& xml, std::string_view code, pugi::xml_node value) {
  LeadSamples lead{signal::canonical_lead(code), {}};
  if (const auto known = signal::standard_lead_index(code); !known)
    lead.name = std::string(code.substr(kLeadPrefix.size()));
  const double origin = millivolts(xml, xml.require(value, "origin"), "origin");
  const double scale = millivolts(xml, xml.require(value, "scale"), "scale");
  const std::string_view digits = xml.require(value, "digits").text().get();
  for (const char *at = digits.data(), *end = at + digits.size(); at != end;) {
    if (std::string_view(" \t\r\n").find(*at) != std::string_view::npos) {
      ++at;
      continue;
    }
    double number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc())
      throw data_error(
          xml.source(), "digits",
          fmt::format("of {} are not numbers at sample {}", lead.name, lead.samples.size()));
    lead.samples.push_back(static_cast<float>(origin + scale * number));
    at = next;
  }
  return lead;
}

double seconds_of(pugi::xml_node quantity) {
  const std::string_view unit = quantity.attribute("unit").value();
  const double scale = unit == "us" ? 1e-6 : unit == "ms" ? 1e-3 : 1;
  const double value = parse_double(quantity.attribute("value").value()).value_or(0) * scale;
  return std::isfinite(value) ? value : 0;
}

std::size_t length_of(const AecgSequenceSet& set) {
  return set.leads.empty() ? 0 : set.leads[0].samples.size();
}

/// Leads of one length, NaN where no set is.
class TimeAxis {
 public:
  explicit TimeAxis(std::size_t length) : length_(length) {}

  /// False, and nothing done, if a sample is taken.
  bool place(const AecgSequenceSet& set, std::size_t first) {
    for (const LeadSamples& lead : set.leads)
      if (const auto known = numbers_.find(lead.name); known != numbers_.end())
        for (std::size_t i = 0; i < lead.samples.size(); ++i)
          if (!std::isnan(leads_[known->second].samples[first + i])) return false;
    for (const LeadSamples& lead : set.leads) {
      const auto [known, added] = numbers_.emplace(lead.name, leads_.size());
      if (added)
        leads_.push_back(
            {lead.name, std::vector<float>(length_, std::numeric_limits<float>::quiet_NaN())});
      std::ranges::copy(lead.samples,
                        leads_[known->second].samples.begin() + static_cast<std::ptrdiff_t>(first));
    }
    return true;
  }

  std::vector<LeadSamples> leads() { return std::move(leads_); }

 private:
  std::size_t length_;
  std::vector<LeadSamples> leads_;
  std::map<std::string, std::size_t> numbers_;
};

/// The most samples a lead of all sets together may have.
double longest(const std::vector<AecgSequenceSet>& sets) {
  std::set<std::string_view> names;
  double samples = 0;
  for (const AecgSequenceSet& set : sets)
    for (const LeadSamples& lead : set.leads) {
      names.insert(lead.name);
      samples += static_cast<double>(lead.samples.size());
    }
  return 10 * samples / static_cast<double>(std::max<std::size_t>(names.size(), 1));
}

}  // namespace

std::string_view aecg_value(pugi::xml_node node, const char* path) {
  return node.first_element_by_path(path).attribute("value").value();
}

std::optional<AecgTime> parse_aecg_time(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789."));
  const auto part = [&](std::size_t at, std::size_t width) {
    return static_cast<int>(
        parse_int(digits.substr(std::min(at, digits.size()), width)).value_or(0));
  };
  if (digits.size() < 8) return std::nullopt;
  AecgTime point;
  point.date = fmt::format("{:04}-{:02}-{:02}", part(0, 4), part(4, 2), part(6, 2));
  point.seconds = 86400 * days_since_1970(part(0, 4), part(4, 2), part(6, 2));
  if (digits.size() < 14) return point;
  point.time = fmt::format("{:02}:{:02}:{:02}", part(8, 2), part(10, 2), part(12, 2));
  const double second = parse_double(digits.substr(12)).value_or(0);
  point.seconds += static_cast<double>(part(8, 2) * 3600 + part(10, 2) * 60) + second;
  return point;
}

AecgSequenceSet read_aecg_sequence_set(const XmlDocument& xml, pugi::xml_node set) {
  AecgSequenceSet read;
  for (const auto component : set.children("component")) {
    const auto sequence = component.child("sequence");
    const std::string_view code = sequence.child("code").attribute("code").value();
    const auto value = sequence.child("value");
    if (code.starts_with("TIME_")) {
      read.start = parse_aecg_time(aecg_value(value, "head"));
      read.offset_s = seconds_of(value.child("head"));
      read.step_s = seconds_of(value.child("increment"));
    } else if (code.starts_with(kLeadPrefix)) {
      read.leads.push_back(read_lead(xml, code, value));
    }
  }
  for (const LeadSamples& lead : read.leads)
    if (lead.samples.size() != length_of(read))
      throw data_error(xml.source(), "leads",
                       fmt::format("differ in length (got {} and {} samples)", length_of(read),
                                   lead.samples.size()));
  return read;
}

AecgSequenceSet on_one_time_axis(std::vector<AecgSequenceSet> sets,
                                 std::vector<std::string>& notes) {
  const double step_s = sets.front().step_s;
  if (sets.size() == 1 || !(step_s > 0)) return std::move(sets.front());
  const auto earliest = std::ranges::min_element(sets, {}, &AecgSequenceSet::start_s);
  AecgSequenceSet whole{earliest->start, earliest->offset_s, step_s, {}};
  const double most = longest(sets);
  std::vector<std::optional<std::size_t>> firsts;
  std::size_t length = 0;
  for (const AecgSequenceSet& set : sets) {
    const double first = std::round((set.start_s() - whole.start_s()) / step_s);
    const bool fits = std::abs(set.step_s - step_s) < 1e-6 * step_s &&
                      first + static_cast<double>(length_of(set)) <= most;
    firsts.push_back(fits ? std::optional(static_cast<std::size_t>(first)) : std::nullopt);
    if (fits) length = std::max(length, *firsts.back() + length_of(set));
  }
  TimeAxis axis(length);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const char* reason = !firsts[i] ? "another sample rate, or far away in time"
                         : !axis.place(sets[i], *firsts[i])
                             ? "another set has the same leads at that time"
                             : nullptr;
    if (reason != nullptr)
      notes.push_back(fmt::format("sequence set {} left out: {}", i + 1, reason));
  }
  whole.leads = axis.leads();
  return whole;
}

}  // namespace einthoven::format
