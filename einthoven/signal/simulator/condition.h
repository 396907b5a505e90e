// The ground-truth classes that the simulator can show, with their codes in the Challenge.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::signal::simulator {

enum class Condition {
  sinus_rhythm,
  sinus_bradycardia,
  sinus_tachycardia,
  sinus_arrhythmia,
  atrial_fibrillation,
  atrial_flutter,
  paced_rhythm,
  first_degree_av_block,
  right_bundle_branch_block,
  left_bundle_branch_block,
  premature_ventricular,
  premature_atrial,
  left_axis_deviation,
  right_axis_deviation,
  t_wave_inversion,
  st_elevation,
  low_qrs_voltage,
  long_qt,
};

/// Conditions of one group exclude each other; every record has exactly one rhythm.
enum class ConditionGroup {
  rhythm,
  av_conduction,
  ventricle,
  ectopy,
  axis,
  repolarisation,
  voltage
};

struct ConditionInfo {
  Condition condition;
  ConditionGroup group;
  std::string_view abbreviation;  ///< as in the scorer's dx_mapping_scored.csv, e.g. "AF"
  std::string_view snomed_code;   ///< SNOMED CT, as written to `#Dx:`
  std::string_view name;
};

/// Every condition, in the order of the enumeration.
std::span<const ConditionInfo> all_conditions();
const ConditionInfo& info_of(Condition condition);

/// By abbreviation (any case) or SNOMED CT code, also of the class that the Challenge scores as the
/// same (RBBB, 59118001, ...); usage error with a suggestion otherwise.
Condition parse_condition(std::string_view text);

/// Whether both can be seen in one recording (no first-degree block without P waves, ...).
bool compatible(Condition a, Condition b);

bool contains(std::span<const Condition> conditions, Condition wanted);
/// The one rhythm among the conditions; usage error if there is none.
Condition rhythm_of(std::span<const Condition> conditions);
/// SNOMED CT codes joined by commas.
std::string snomed_list(std::span<const Condition> conditions);

}  // namespace einthoven::signal::simulator
