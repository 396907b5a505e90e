// The 71 SCP-ECG statements of PTB-XL and the label sets of its benchmarks (Wagner et al. 2020,
// doi:10.1038/s41597-020-0495-6, scp_statements.csv; Strodthoff et al. 2021,
// doi:10.1109/JBHI.2020.3022989).
#pragma once

#include <span>
#include <string_view>

#include "einthoven/store/label_table.h"

namespace einthoven::store {

struct ScpStatement {
  static constexpr unsigned kDiagnostic = 1, kForm = 2, kRhythm = 4;

  std::string_view code;
  std::string_view superclass;  ///< of a diagnostic statement: NORM, MI, STTC, CD or HYP
  std::string_view subclass;
  unsigned categories = 0;  ///< a statement can be diagnostic and form
};

/// In the order of scp_statements.csv.
std::span<const ScpStatement> scp_statements();

/// NORM, MI, STTC, CD, HYP; the codes of a class are its diagnostic statements.
LabelClasses ptbxl_superclasses();
/// 23 classes, in alphabetical order like those that follow.
LabelClasses ptbxl_subclasses();
/// 44 statements.
LabelClasses ptbxl_diagnostic();
/// 19 statements.
LabelClasses ptbxl_form();
/// 12 statements.
LabelClasses ptbxl_rhythm();
/// All 71 statements.
LabelClasses ptbxl_all();

}  // namespace einthoven::store
