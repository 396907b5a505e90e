#include "einthoven/corpus/ludb_statements.h"

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::corpus {
namespace {

constexpr std::array<std::string_view, kLudbStatements> kStatements = {
    "Aberrant conduction.",
    "Atrial extrasystole, type: allorhythmic pattern.",
    "Atrial extrasystole, type: bigemini.",
    "Atrial extrasystole, type: quadrigemini.",
    "Atrial extrasystole, type: single PAC.",
    "Atrial extrasystole: SA-nodal extrasystole.",
    "Atrial extrasystole: left atrial.",
    "Atrial extrasystole: low atrial.",
    "Atrial extrasystole: undefined.",
    "BIpolar ventricular pacing.",
    "Biventricular pacing.",
    "Complete left bundle branch block.",
    "Complete right bundle branch block.",
    "Early repolarization syndrome.",
    "Electric axis of the heart: horizontal.",
    "Electric axis of the heart: left axis deviation.",
    "Electric axis of the heart: normal.",
    "Electric axis of the heart: right axis deviation.",
    "Electric axis of the heart: vertical.",
    "I degree AV block.",
    "III degree AV-block.",
    "Incomplete left bundle branch block.",
    "Incomplete right bundle branch block.",
    "Ischemia: anterior wall.",
    "Ischemia: apical.",
    "Ischemia: inferior wall.",
    "Ischemia: lateral wall.",
    "Ischemia: posterior wall.",
    "Ischemia: septal.",
    "Left anterior hemiblock.",
    "Left atrial hypertrophy.",
    "Left atrial overload.",
    "Left ventricular hypertrophy.",
    "Left ventricular overload.",
    "Non-specific intravintricular conduction delay.",
    "Non-specific repolarization abnormalities: anterior wall.",
    "Non-specific repolarization abnormalities: apical.",
    "Non-specific repolarization abnormalities: inferior wall.",
    "Non-specific repolarization abnormalities: lateral wall.",
    "Non-specific repolarization abnormalities: posterior wall.",
    "Non-specific repolarization abnormalities: septal.",
    "P-synchrony.",
    "Rhythm: Atrial fibrillation.",
    "Rhythm: Atrial flutter, typical.",
    "Rhythm: Irregular sinus rhythm.",
    "Rhythm: Sinus arrhythmia.",
    "Rhythm: Sinus bradycardia.",
    "Rhythm: Sinus rhythm.",
    "Rhythm: Sinus tachycardia.",
    "Right atrial hypertrophy.",
    "Right atrial overload.",
    "Right ventricular hypertrophy.",
    "STEMI: anterior wall.",
    "STEMI: apical.",
    "STEMI: inferior wall.",
    "STEMI: lateral wall.",
    "STEMI: septal.",
    "Scar formation: anterior wall.",
    "Scar formation: apical.",
    "Scar formation: inferior wall.",
    "Scar formation: lateral wall.",
    "Scar formation: posterior wall.",
    "Scar formation: septal.",
    "Sinoatrial blockade, undefined.",
    "UNIpolar atrial pacing.",
    "UNIpolar ventricular pacing.",
    "Undefined ischemia/scar/supp.NSTEMI: anterior wall.",
    "Undefined ischemia/scar/supp.NSTEMI: apical.",
    "Undefined ischemia/scar/supp.NSTEMI: inferior wall.",
    "Undefined ischemia/scar/supp.NSTEMI: lateral wall.",
    "Undefined ischemia/scar/supp.NSTEMI: posterior wall.",
    "Undefined ischemia/scar/supp.NSTEMI: septal.",
    "Ventricular extrasystole, localisation: IVS, middle part.",
    "Ventricular extrasystole, localisation: LV, undefined.",
    "Ventricular extrasystole, localisation: LVOT, LVS.",
    "Ventricular extrasystole, localisation: RVOT, anterior wall.",
    "Ventricular extrasystole, localisation: RVOT, antero-septal part.",
    "Ventricular extrasystole, morphology: polymorphic.",
    "Ventricular extrasystole, type: couplet.",
    "Ventricular extrasystole, type: intercalary PVC.",
    "Ventricular extrasystole, type: single PVC.",
    "Wandering atrial pacemaker."};

}  // namespace

std::span<const std::string_view> ludb_statements() { return kStatements; }

std::vector<std::int64_t> ludb_labels(std::span<const std::string> comments) {
  constexpr std::size_t kHeadLines = 3;  // age, sex, "diagnoses:"
  std::vector<std::int64_t> label(kStatements.size(), 0);
  for (std::size_t i = kHeadLines; i < comments.size(); ++i) {
    const auto found = std::find(kStatements.begin(), kStatements.end(), trim(comments[i]));
    if (found == kStatements.end())
      throw data_error("header", "diagnoses", "unknown statement \"" + comments[i] + "\"");
    label[static_cast<std::size_t>(found - kStatements.begin())] = 1;
  }
  return label;
}

}  // namespace einthoven::corpus
