#include "einthoven/signal/simulator/noise.h"

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::signal::simulator {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr std::array<std::string_view, kElectrodeCount> kElectrodeNames = {
    "RA", "LA", "LL", "V1", "V2", "V3", "V4", "V5", "V6"};

/// sin(2 pi f t + phase) by turning a phasor: exact enough over minutes and without sin().
std::vector<float> sinusoid(std::size_t count, double cycles_per_sample, double phase) {
  std::vector<float> wave(count);
  std::complex<double> now = std::polar(1.0, phase);
  const std::complex<double> turn = std::polar(1.0, kTwoPi * cycles_per_sample);
  for (float& value : wave) {
    value = static_cast<float>(now.imag());
    now *= turn;
  }
  return wave;
}

void add_scaled(std::vector<float>& target, const std::vector<float>& wave, double factor) {
  const auto scale = static_cast<float>(factor);
  for (std::size_t i = 0; i < target.size(); ++i) target[i] += scale * wave[i];
}

/// Slow sinusoids, shared by all electrodes with gains of their own; the first is respiration.
void add_wander(ElectrodePotentials& v, double rms, const NoisePlace& place, RandomStream& random) {
  constexpr std::array<double, 4> kDriftHz = {0.04, 0.09, 0.17, 0.38};
  const std::size_t count = v[0].size();
  const auto add_everywhere = [&](double hz, double share) {
    const auto wave = sinusoid(count, hz / place.rate_hz, random.uniform(0, kTwoPi));
    for (auto& electrode : v)
      add_scaled(electrode, wave, random.normal(0, share * rms * std::numbers::sqrt2));
  };
  add_everywhere(place.respiration_hz, 0.8);
  for (const double hz : kDriftHz) add_everywhere(hz * random.uniform(0.8, 1.25), 0.4);
}

/// Four 16-bit uniforms of one draw: near enough to a normal for noise, and cheap.
float rough_normal(RandomStream& random) {
  const std::uint64_t bits = random.bits();
  const auto sum = static_cast<std::int64_t>((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) +
                                             ((bits >> 32) & 0xFFFF) + (bits >> 48));
  constexpr float kDeviation = 37837.23F;  // 65536 * sqrt(4 / 12)
  return static_cast<float>(sum - 2L * 65535) / kDeviation;
}

/// White noise through a first-order band-pass of 20 to 150 Hz, swelling slowly.
void add_muscle(std::vector<float>& v, double rms, double rate_hz, RandomStream& random) {
  const auto low = static_cast<float>(std::exp(-kTwoPi * 20 / rate_hz));
  const auto high =
      static_cast<float>(1 - std::exp(-kTwoPi * std::min(150.0, 0.4 * rate_hz) / rate_hz));
  const double swell_hz = random.uniform(0.1, 0.6);
  const auto swell = sinusoid(v.size(), swell_hz / rate_hz, random.uniform(0, kTwoPi));
  const auto scale = static_cast<float>(rms * std::exp(random.normal(0, 0.35)) * 1.25);
  float smooth = 0;
  float before = 0;
  float passed = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    smooth += high * (rough_normal(random) - smooth);
    passed = low * (passed + smooth - before);
    before = smooth;
    v[i] += scale * (1 + 0.6F * swell[i]) * passed;
  }
}

void add_mains(ElectrodePotentials& v, double amplitude, const NoisePlace& place,
               RandomStream& random) {
  if (amplitude <= 0 || place.mains_hz >= 0.5 * place.rate_hz) return;
  const double tuned = place.mains_hz * random.uniform(0.999, 1.001);
  const double phase = random.uniform(0, kTwoPi);
  const auto sine = sinusoid(v[0].size(), tuned / place.rate_hz, phase);
  const auto cosine = sinusoid(v[0].size(), tuned / place.rate_hz, phase + std::numbers::pi / 2);
  const double common = amplitude * random.uniform(0.2, 1.4);
  for (auto& electrode : v) {
    add_scaled(electrode, sine, common * random.normal(0, 0.7));
    add_scaled(electrode, cosine, common * random.normal(0, 0.7));
  }
}

/// A quick rise and a slow return, as when an electrode is pulled and the skin recovers.
void add_motion(std::vector<float>& v, double height, double rate_hz, RandomStream& random) {
  const double start = random.uniform(0.05, 0.8) * static_cast<double>(v.size());
  const double rise = random.uniform(0.03, 0.12) * rate_hz;
  const double fall = random.uniform(0.3, 1.0) * rate_hz;
  const double size = height * random.uniform(0.5, 1.3) * (random.uniform() < 0.5 ? -1 : 1);
  for (auto i = static_cast<std::size_t>(start); i < v.size(); ++i) {
    const double after = static_cast<double>(i) - start;
    v[i] += static_cast<float>(size * (1 - std::exp(-after / rise)) * std::exp(-after / fall));
  }
}

void add_amplifier(std::vector<float>& v, double rms, RandomStream& random) {
  const auto scale = static_cast<float>(rms);
  for (float& value : v) value += scale * rough_normal(random);
}

}  // namespace

std::vector<std::string> noise_grades() { return {"none", "low", "typical", "high"}; }

NoiseLevels noise_levels(std::string_view grade) {
  constexpr NoiseLevels kTypical = {0.035, 0.007, 0.006, 0.0015, 0.12, 0.5, 0.04, 0.01};
  if (grade == "none") return {};
  if (grade == "low") return {0.012, 0.003, 0.002, 0.001, 0, 0, 0, 0};
  if (grade == "typical") return kTypical;
  if (grade == "high") return {0.09, 0.02, 0.02, 0.003, 0.5, 0.8, 0.15, 0.04};
  throw usage_error("--noise: unknown grade \"" + std::string(grade) + "\"" +
                    did_you_mean(grade, noise_grades()));
}

NoiseReport add_noise(ElectrodePotentials& v, const NoiseLevels& levels, const NoisePlace& place,
                      RandomStream& random) {
  NoiseReport report;
  const auto pick = [&](std::size_t first) {
    return first + random.below(kElectrodeCount - first);
  };
  if (levels.wander_mv > 0) add_wander(v, levels.wander_mv, place, random);
  const bool poor = random.uniform() < levels.poor_share;
  const std::size_t poor_electrode = pick(0);
  if (poor) report.notes.push_back("poor contact: " + std::string(kElectrodeNames[poor_electrode]));
  for (std::size_t e = 0; e < kElectrodeCount; ++e) {
    const double factor = poor && e == poor_electrode ? 6 : 1;
    if (levels.muscle_mv > 0) add_muscle(v[e], factor * levels.muscle_mv, place.rate_hz, random);
    if (levels.amplifier_mv > 0) add_amplifier(v[e], levels.amplifier_mv, random);
  }
  add_mains(v, levels.mains_mv, place, random);
  if (random.uniform() < levels.motion_share) {
    const std::size_t moved = pick(0);
    add_motion(v[moved], levels.motion_mv, place.rate_hz, random);
    report.notes.push_back("electrode motion: " + std::string(kElectrodeNames[moved]));
  }
  if (random.uniform() < levels.flat_share) {
    report.flat_leads.emplace_back(kElectrodeNames[pick(kFirstChestElectrode)]);
    report.notes.push_back("electrode off: " + report.flat_leads.back());
  }
  return report;
}

}  // namespace einthoven::signal::simulator
