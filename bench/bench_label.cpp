// Labelling of reports on one core, with our configuration and, where it lies in ../shared,
// ECG-FM's.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "einthoven/text/labeler/labeler.h"

namespace {

using namespace einthoven;
using namespace einthoven::text;

const std::vector<std::string> kReports = {
    "Sinus rhythm; Possible right atrial abnormality; Nonspecific ST-T changes; Abnormal ECG",
    "Atrial fibrillation with rapid ventricular response; Left axis deviation; RBBB with left "
    "anterior fascicular block; Inferior infarct, age undetermined; Abnormal ECG",
    "Sinus tachycardia with PVC(s); Possible septal infarct - age undetermined; Low QRS voltages "
    "in "
    "precordial leads; Undefined",
    "Artifact in lead(s) I, II, aVR; Sinus rhythm; Normal ECG",
    "sinusrhythmus ueberdrehter linkstyp qrs(t) abnorm anteroseptaler infarkt wahrscheinlich alt",
    "Demand V-pacing; Premature atrial complexes; Lateral T wave changes may be due to myocardial "
    "ischemia"};

void label(benchmark::State& state, const fs::path& folder, const fs::path& rules) {
  if (!fs::exists(folder)) return state.SkipWithError("the configuration is not there");
  const Labeler labeler(folder, LabelerMode::fixed, rules);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(labeler.label(kReports[i++ % kReports.size()]));
  state.SetItemsProcessed(state.iterations());
}

const fs::path kSource = EINTHOVEN_SOURCE;

BENCHMARK_CAPTURE(label, ours, kSource / "recipes/labeler", fs::path());
BENCHMARK_CAPTURE(label, ecg_fm, kSource / "../shared/data/labels/ecgfm_mimic/labeler",
                  kSource / "../shared/fixtures/labeler/preprocess_rules.json");

}  // namespace

BENCHMARK_MAIN();
