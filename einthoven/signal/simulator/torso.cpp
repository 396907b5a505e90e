#include "einthoven/signal/simulator/torso.h"

#include <string>

#include "einthoven/signal/lead.h"

namespace einthoven::signal::simulator {
namespace {

constexpr Dipole kLeadI = {0.632, -0.235, 0.059};
constexpr Dipole kLeadII = {0.235, 1.066, -0.132};
constexpr std::array<Dipole, 6> kChest = {{{-0.515, 0.157, -0.917},
                                           {0.044, 0.164, -1.387},
                                           {0.882, 0.098, -1.277},
                                           {1.213, 0.127, -0.601},
                                           {1.125, 0.127, -0.086},
                                           {0.831, 0.076, 0.230}}};

Dipole disturbed(const Dipole& vector, RandomStream& random, double spread) {
  const double size = spread * vector.length();
  return vector + Dipole{random.normal(0, size), random.normal(0, size), random.normal(0, size)};
}

/// The standard leads of nine potentials; T is float for signals, double for one dipole.
template <class T>
std::array<T, 12> twelve_leads(const std::array<T, kElectrodeCount>& v) {
  const T ra = v[0];
  const T la = v[1];
  const T ll = v[2];
  const T wilson = (ra + la + ll) / 3;
  std::array<T, 12> lead = {
      la - ra, ll - ra, ll - la, ra - (la + ll) / 2, la - (ra + ll) / 2, ll - (ra + la) / 2};
  for (std::size_t i = 0; i < 6; ++i) lead[6 + i] = v[kFirstChestElectrode + i] - wilson;
  return lead;
}

std::array<Dipole, kElectrodeCount> field_of(const Dipole& lead_i, const Dipole& lead_ii,
                                             const std::array<Dipole, 6>& chest) {
  std::array<Dipole, kElectrodeCount> field;
  field[0] = (lead_i + lead_ii) * (-1.0 / 3);
  field[1] = field[0] + lead_i;
  field[2] = field[0] + lead_ii;
  for (std::size_t i = 0; i < 6; ++i) field[kFirstChestElectrode + i] = chest[i];
  return field;
}

}  // namespace

Torso::Torso() : field_(field_of(kLeadI, kLeadII, kChest)) {}

Torso::Torso(RandomStream& random, double spread) {
  const Dipole lead_i = disturbed(kLeadI, random, spread);
  const Dipole lead_ii = disturbed(kLeadII, random, spread);
  std::array<Dipole, 6> chest = kChest;
  for (Dipole& vector : chest) vector = disturbed(vector, random, spread);
  field_ = field_of(lead_i, lead_ii, chest);
}

std::array<double, 12> Torso::leads(const Dipole& dipole) const {
  std::array<double, kElectrodeCount> potentials{};
  for (std::size_t e = 0; e < kElectrodeCount; ++e) potentials[e] = dot(field_[e], dipole);
  return twelve_leads(potentials);
}

Recording leads_of(const ElectrodePotentials& potentials, double rate_hz) {
  const std::size_t length = potentials[0].size();
  Recording recording({kStandardLeads.begin(), kStandardLeads.end()},
                      static_cast<std::int64_t>(length), rate_hz);
  float* out = recording.samples().data();
  for (std::size_t t = 0; t < length; ++t) {
    std::array<float, kElectrodeCount> now{};
    for (std::size_t e = 0; e < kElectrodeCount; ++e) now[e] = potentials[e][t];
    const auto lead = twelve_leads(now);
    for (std::size_t i = 0; i < lead.size(); ++i) out[i * length + t] = lead[i];
  }
  return recording;
}

}  // namespace einthoven::signal::simulator
