// From the cardiac dipole to the nine electrodes of the 12-lead ECG, and from these to the leads.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/signal/recording.h"
#include "einthoven/signal/simulator/dipole.h"

namespace einthoven::signal::simulator {

/// Order of electrodes: right arm, left arm, left leg, V1 to V6.
inline constexpr std::size_t kElectrodeCount = 9;
inline constexpr std::size_t kFirstChestElectrode = 3;

/// Potentials of the electrodes in millivolts, `[electrode][sample]`.
using ElectrodePotentials = std::array<std::vector<float>, kElectrodeCount>;

/// The lead field: potential of each electrode for a unit dipole. The rows of V1 to V6, I and II
/// are those of Dower et al. (1980); the limb electrodes are placed so that Wilson's terminal is
/// zero, which leaves Dower's chest leads as they are.
class Torso {
 public:
  Torso();
  /// A torso whose lead vectors differ by about `spread` (0.1: ten percent), as patients do.
  Torso(RandomStream& random, double spread);

  const Dipole& lead_vector(std::size_t electrode) const { return field_[electrode]; }
  /// The six limb and six chest leads of one dipole, in the standard order, in millivolts.
  std::array<double, 12> leads(const Dipole& dipole) const;

 private:
  std::array<Dipole, kElectrodeCount> field_;
};

/// The twelve standard leads by their definitions: I = LA - RA, II = LL - RA, III = LL - LA,
/// Goldberger's aVR, aVL, aVF, and the chest electrodes against Wilson's terminal. Einthoven's and
/// Goldberger's identities therefore hold whatever noise the electrodes carry.
Recording leads_of(const ElectrodePotentials& potentials, double rate_hz);

}  // namespace einthoven::signal::simulator
