#include "einthoven/store/scp_statements.h"

#include <algorithm>
#include <array>
#include <map>

namespace einthoven::store {
namespace {

constexpr std::array<ScpStatement, 71> kStatements = {{
    {"NDT", "STTC", "STTC", ScpStatement::kDiagnostic | ScpStatement::kForm},
    {"NST_", "STTC", "NST_", ScpStatement::kDiagnostic | ScpStatement::kForm},
    {"DIG", "STTC", "STTC", ScpStatement::kDiagnostic | ScpStatement::kForm},
    {"LNGQT", "STTC", "STTC", ScpStatement::kDiagnostic | ScpStatement::kForm},
    {"NORM", "NORM", "NORM", ScpStatement::kDiagnostic},
    {"IMI", "MI", "IMI", ScpStatement::kDiagnostic},
    {"ASMI", "MI", "AMI", ScpStatement::kDiagnostic},
    {"LVH", "HYP", "LVH", ScpStatement::kDiagnostic},
    {"LAFB", "CD", "LAFB/LPFB", ScpStatement::kDiagnostic},
    {"ISC_", "STTC", "ISC_", ScpStatement::kDiagnostic},
    {"IRBBB", "CD", "IRBBB", ScpStatement::kDiagnostic},
    {"1AVB", "CD", "_AVB", ScpStatement::kDiagnostic},
    {"IVCD", "CD", "IVCD", ScpStatement::kDiagnostic},
    {"ISCAL", "STTC", "ISCA", ScpStatement::kDiagnostic},
    {"CRBBB", "CD", "CRBBB", ScpStatement::kDiagnostic},
    {"CLBBB", "CD", "CLBBB", ScpStatement::kDiagnostic},
    {"ILMI", "MI", "IMI", ScpStatement::kDiagnostic},
    {"LAO/LAE", "HYP", "LAO/LAE", ScpStatement::kDiagnostic},
    {"AMI", "MI", "AMI", ScpStatement::kDiagnostic},
    {"ALMI", "MI", "AMI", ScpStatement::kDiagnostic},
    {"ISCIN", "STTC", "ISCI", ScpStatement::kDiagnostic},
    {"INJAS", "MI", "AMI", ScpStatement::kDiagnostic},
    {"LMI", "MI", "LMI", ScpStatement::kDiagnostic},
    {"ISCIL", "STTC", "ISCI", ScpStatement::kDiagnostic},
    {"LPFB", "CD", "LAFB/LPFB", ScpStatement::kDiagnostic},
    {"ISCAS", "STTC", "ISCA", ScpStatement::kDiagnostic},
    {"INJAL", "MI", "AMI", ScpStatement::kDiagnostic},
    {"ISCLA", "STTC", "ISCA", ScpStatement::kDiagnostic},
    {"RVH", "HYP", "RVH", ScpStatement::kDiagnostic},
    {"ANEUR", "STTC", "STTC", ScpStatement::kDiagnostic},
    {"RAO/RAE", "HYP", "RAO/RAE", ScpStatement::kDiagnostic},
    {"EL", "STTC", "STTC", ScpStatement::kDiagnostic},
    {"WPW", "CD", "WPW", ScpStatement::kDiagnostic},
    {"ILBBB", "CD", "ILBBB", ScpStatement::kDiagnostic},
    {"IPLMI", "MI", "IMI", ScpStatement::kDiagnostic},
    {"ISCAN", "STTC", "ISCA", ScpStatement::kDiagnostic},
    {"IPMI", "MI", "IMI", ScpStatement::kDiagnostic},
    {"SEHYP", "HYP", "SEHYP", ScpStatement::kDiagnostic},
    {"INJIN", "MI", "IMI", ScpStatement::kDiagnostic},
    {"INJLA", "MI", "AMI", ScpStatement::kDiagnostic},
    {"PMI", "MI", "PMI", ScpStatement::kDiagnostic},
    {"3AVB", "CD", "_AVB", ScpStatement::kDiagnostic},
    {"INJIL", "MI", "IMI", ScpStatement::kDiagnostic},
    {"2AVB", "CD", "_AVB", ScpStatement::kDiagnostic},
    {"ABQRS", "", "", ScpStatement::kForm},
    {"PVC", "", "", ScpStatement::kForm},
    {"STD_", "", "", ScpStatement::kForm},
    {"VCLVH", "", "", ScpStatement::kForm},
    {"QWAVE", "", "", ScpStatement::kForm},
    {"LOWT", "", "", ScpStatement::kForm},
    {"NT_", "", "", ScpStatement::kForm},
    {"PAC", "", "", ScpStatement::kForm},
    {"LPR", "", "", ScpStatement::kForm},
    {"INVT", "", "", ScpStatement::kForm},
    {"LVOLT", "", "", ScpStatement::kForm},
    {"HVOLT", "", "", ScpStatement::kForm},
    {"TAB_", "", "", ScpStatement::kForm},
    {"STE_", "", "", ScpStatement::kForm},
    {"PRC(S)", "", "", ScpStatement::kForm},
    {"SR", "", "", ScpStatement::kRhythm},
    {"AFIB", "", "", ScpStatement::kRhythm},
    {"STACH", "", "", ScpStatement::kRhythm},
    {"SARRH", "", "", ScpStatement::kRhythm},
    {"SBRAD", "", "", ScpStatement::kRhythm},
    {"PACE", "", "", ScpStatement::kRhythm},
    {"SVARR", "", "", ScpStatement::kRhythm},
    {"BIGU", "", "", ScpStatement::kRhythm},
    {"AFLT", "", "", ScpStatement::kRhythm},
    {"SVTAC", "", "", ScpStatement::kRhythm},
    {"PSVT", "", "", ScpStatement::kRhythm},
    {"TRIGU", "", "", ScpStatement::kRhythm},
}};

LabelClasses statements_of(unsigned category) {
  std::vector<std::string> names;
  for (const ScpStatement& statement : kStatements)
    if ((statement.categories & category) != 0) names.emplace_back(statement.code);
  std::sort(names.begin(), names.end());
  return plain_classes(names);
}

LabelClasses grouped(std::string_view ScpStatement::*group) {
  std::map<std::string, std::vector<std::string>> codes;
  for (const ScpStatement& statement : kStatements)
    if (!(statement.*group).empty())
      codes[std::string(statement.*group)].emplace_back(statement.code);
  LabelClasses classes;
  for (auto& [name, members] : codes) {
    classes.names.push_back(name);
    classes.codes.push_back(std::move(members));
  }
  return classes;
}

}  // namespace

std::span<const ScpStatement> scp_statements() { return kStatements; }

LabelClasses ptbxl_superclasses() {
  const LabelClasses all = grouped(&ScpStatement::superclass);
  LabelClasses classes;
  for (const char* name : {"NORM", "MI", "STTC", "CD", "HYP"}) {
    const auto at = std::find(all.names.begin(), all.names.end(), name) - all.names.begin();
    classes.names.emplace_back(name);
    classes.codes.push_back(all.codes[static_cast<std::size_t>(at)]);
  }
  return classes;
}

LabelClasses ptbxl_subclasses() { return grouped(&ScpStatement::subclass); }
LabelClasses ptbxl_diagnostic() { return statements_of(ScpStatement::kDiagnostic); }
LabelClasses ptbxl_form() { return statements_of(ScpStatement::kForm); }
LabelClasses ptbxl_rhythm() { return statements_of(ScpStatement::kRhythm); }
LabelClasses ptbxl_all() { return statements_of(~0U); }

}  // namespace einthoven::store
