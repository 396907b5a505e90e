// One simulated 12-lead ECG with its ground truth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/signal/recording.h"
#include "einthoven/signal/simulator/condition.h"
#include "einthoven/signal/simulator/noise.h"
#include "einthoven/signal/simulator/patient.h"

namespace einthoven::signal::simulator {

/// What a recording shall show, and how it is taken.
struct Scenario {
  std::vector<Condition> conditions = {Condition::sinus_rhythm};  ///< exactly one rhythm
  double heart_rate_bpm = 70;
  double seconds = 10;
  double rate_hz = 500;
  NoiseLevels noise;
  std::uint64_t record = 0;  ///< names the random streams together with the patient's seed
};

/// Medians over the recording, from the parameters of the model; 0 where there is no such wave.
struct Intervals {
  double heart_rate_bpm = 0;
  double pr_ms = 0;
  double qrs_ms = 0;
  double qt_ms = 0;
};

struct SimulatedEcg {
  /// Twelve standard leads. `annotations` hold the rhythm ("+" with "(N", "(AFIB", "(AFL", "(P")
  /// and for every wave "(", its peak and ")": peaks are "p", "N", "A", "V" or "/" (paced), "t".
  Recording recording;
  std::vector<Condition> conditions;
  Intervals intervals;
};

/// Draws rhythm, rate and ectopy for one recording of a patient: the patient's chronic conditions,
/// or the primary one, on a rhythm whose rate fits its class.
Scenario draw_scenario(const Patient& patient, std::uint64_t record);

/// Usage error for a scenario without or with two rhythms, incompatible conditions, or a duration
/// or sample rate (50 Hz to 10 kHz) out of range.
void check_scenario(const Scenario& scenario);

/// Depends only on the patient and the scenario, which is checked.
SimulatedEcg simulate_ecg(const Patient& patient, const Scenario& scenario);

}  // namespace einthoven::signal::simulator
