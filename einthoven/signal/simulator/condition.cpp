#include "einthoven/signal/simulator/condition.h"

#include <algorithm>
#include <array>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::signal::simulator {
namespace {

using enum Condition;
using Group = ConditionGroup;

constexpr std::array<ConditionInfo, 18> kConditions = {{
    {sinus_rhythm, Group::rhythm, "NSR", "426783006", "sinus rhythm"},
    {sinus_bradycardia, Group::rhythm, "SB", "426177001", "sinus bradycardia"},
    {sinus_tachycardia, Group::rhythm, "STach", "427084000", "sinus tachycardia"},
    {sinus_arrhythmia, Group::rhythm, "SA", "427393009", "sinus arrhythmia"},
    {atrial_fibrillation, Group::rhythm, "AF", "164889003", "atrial fibrillation"},
    {atrial_flutter, Group::rhythm, "AFL", "164890007", "atrial flutter"},
    {paced_rhythm, Group::rhythm, "PR", "10370003", "pacing rhythm"},
    {first_degree_av_block, Group::av_conduction, "IAVB", "270492004", "1st degree AV block"},
    {right_bundle_branch_block, Group::ventricle, "CRBBB", "713427006",
     "complete right bundle branch block"},
    {left_bundle_branch_block, Group::ventricle, "CLBBB", "733534002",
     "complete left bundle branch block"},
    {premature_ventricular, Group::ectopy, "PVC", "427172004",
     "premature ventricular contractions"},
    {premature_atrial, Group::ectopy, "PAC", "284470004", "premature atrial contraction"},
    {left_axis_deviation, Group::axis, "LAD", "39732003", "left axis deviation"},
    {right_axis_deviation, Group::axis, "RAD", "47665007", "right axis deviation"},
    {t_wave_inversion, Group::repolarisation, "TInv", "59931005", "T wave inversion"},
    {st_elevation, Group::repolarisation, "STE", "164931005", "ST elevation"},
    {low_qrs_voltage, Group::voltage, "LQRSV", "251146004", "low QRS voltages"},
    {long_qt, Group::repolarisation, "LQT", "111975006", "prolonged QT interval"},
}};

/// Other names and codes; the Challenge scores each pair as one class.
constexpr std::array<std::pair<std::string_view, Condition>, 8> kAliases = {{
    {"59118001", right_bundle_branch_block},
    {"rbbb", right_bundle_branch_block},
    {"164909002", left_bundle_branch_block},
    {"lbbb", left_bundle_branch_block},
    {"17338001", premature_ventricular},
    {"vpb", premature_ventricular},
    {"63593006", premature_atrial},
    {"svpb", premature_atrial},
}};

/// Pairs of different groups that cannot be seen, or not be told apart, in one recording.
bool clash(Condition a, Condition b) {
  const Group other = info_of(b).group;
  switch (a) {
    case paced_rhythm:
      return other != Group::rhythm;
    case atrial_fibrillation:
    case atrial_flutter:
      return other == Group::av_conduction || b == premature_atrial || b == long_qt;
    case sinus_tachycardia:
      return b == long_qt || other == Group::av_conduction;
    case sinus_arrhythmia:
      return b == premature_atrial;
    case left_bundle_branch_block:
    case right_bundle_branch_block:
      return other == Group::repolarisation || other == Group::axis || other == Group::voltage;
    case low_qrs_voltage:
      return b == st_elevation;
    default:
      return false;
  }
}

}  // namespace

std::span<const ConditionInfo> all_conditions() { return kConditions; }

const ConditionInfo& info_of(Condition condition) {
  return kConditions[static_cast<std::size_t>(condition)];
}

Condition parse_condition(std::string_view text) {
  const std::string wanted = lower(trim(text));
  std::vector<std::string> known;
  for (const ConditionInfo& info : kConditions) {
    if (wanted == lower(info.abbreviation) || wanted == info.snomed_code) return info.condition;
    known.emplace_back(info.abbreviation);
  }
  for (const auto& [alias, condition] : kAliases)
    if (wanted == alias) return condition;
  throw usage_error(
      "--classes: unknown class \"" + std::string(text) + "\"" + did_you_mean(text, known),
      "known: " + join(known, ", ") + " (or their SNOMED CT codes)");
}

bool compatible(Condition a, Condition b) {
  return a == b || (info_of(a).group != info_of(b).group && !clash(a, b) && !clash(b, a));
}

bool contains(std::span<const Condition> conditions, Condition wanted) {
  return std::ranges::find(conditions, wanted) != conditions.end();
}

Condition rhythm_of(std::span<const Condition> conditions) {
  for (const Condition condition : conditions)
    if (info_of(condition).group == Group::rhythm) return condition;
  throw usage_error("scenario: conditions: no rhythm among them");
}

std::string snomed_list(std::span<const Condition> conditions) {
  std::vector<std::string> codes;
  for (const Condition condition : conditions) codes.emplace_back(info_of(condition).snomed_code);
  return join(codes, ",");
}

}  // namespace einthoven::signal::simulator
