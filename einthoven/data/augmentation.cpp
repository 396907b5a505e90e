#include "einthoven/data/augmentation.h"

#include <fmt/core.h>

#include <array>
#include <string_view>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/data/lead_mask.h"
#include "einthoven/data/noise.h"

namespace einthoven::data {
namespace {

struct Mode {
  std::string_view name;
  void (*apply)(Signal&, const AugmentationOptions&, Draws&);
  bool adds_noise;  ///< followed by the dependency step
};

constexpr std::array<Mode, 5> kModes = {{
    {"random_leads_masking", mask_leads, false},
    {"powerline_noise", add_powerline_noise, true},
    {"emg_noise", add_emg_noise, true},
    {"baseline_shift", add_baseline_shift, true},
    {"baseline_wander", add_baseline_wander, true},
}};

const Mode& find_mode(const std::string& name) {
  for (const Mode& mode : kModes)
    if (mode.name == name) return mode;
  std::vector<std::string> known;
  known.reserve(kModes.size());
  for (const Mode& mode : kModes) known.emplace_back(mode.name);
  throw config_error(fmt::format("task.perturbation_mode: unknown augmentation \"{}\"{}", name,
                                 did_you_mean(name, known)),
                     "known: " + join(known, ", "));
}

void require(bool holds, std::string_view key, std::string_view want) {
  if (!holds) throw config_error(fmt::format("task.{}: {}", key, want));
}

void check(const AugmentationOptions& o) {
  for (const auto& name : o.modes) find_mode(name);
  require(o.modes.empty() || o.p.size() == 1 || o.p.size() == o.modes.size(), "p",
          fmt::format("want one value, or one for each of the {} augmentations (got {})",
                      o.modes.size(), o.p.size()));
  for (const double p : o.p)
    require(p >= 0 && p <= 1, "p", fmt::format("want probabilities from 0 to 1 (got {})", p));
  require(o.min_amplitude <= o.max_amplitude, "min_amplitude", "is above max_amplitude");
  require(o.min_freq <= o.max_freq, "min_freq", "is above max_freq");
  require(o.shift_ratio >= 0 && o.shift_ratio <= 1, "shift_ratio", "want a share from 0 to 1");
  require(o.num_segment >= 0, "num_segment", "must not be negative");
  require(o.k >= 0, "k", "must not be negative");
  require(o.sample_rate_hz > 0, "sample_rate", "augmentations need a positive sample rate");
  require(o.mask_leads_selection == "random" || o.mask_leads_selection == "conditional",
          "mask_leads_selection",
          fmt::format("want random or conditional (got \"{}\")", o.mask_leads_selection));
  require(o.mask_leads_prob >= 0 && o.mask_leads_prob <= 1, "mask_leads_prob",
          "want a probability from 0 to 1");
  const auto [limb, chest] = o.mask_leads_condition;
  require(limb >= 0 && limb <= 6 && chest >= 0 && chest <= 6, "mask_leads_condition",
          fmt::format("want two numbers of leads from 0 to 6 (got {}, {})", limb, chest));
}

}  // namespace

Augmentation::Augmentation(AugmentationOptions options) : options_(std::move(options)) {
  check(options_);
}

void Augmentation::apply(Signal& signal, Draws& draws) const {
  for (std::size_t i = 0; i < options_.modes.size(); ++i) {
    const Mode& mode = find_mode(options_.modes[i]);
    const double p = options_.p.size() == 1 ? options_.p[0] : options_.p[i];
    // The reference lets lead masking happen also at equality; it matters only in its stream.
    const double gate = draws.uniform();
    if (!(p > gate || (!mode.adds_noise && p == gate))) continue;
    mode.apply(signal, options_, draws);
    if (mode.adds_noise && options_.dependency) recompute_limb_leads(signal);
  }
}

void recompute_limb_leads(Signal& signal) {
  if (signal.leads < 6)
    throw data_error("task.dependency", "leads",
                     fmt::format("limb leads are recomputed from I and II of the standard order, "
                                 "which needs at least 6 leads (got {})",
                                 signal.leads));
  const auto one = signal.lead(0);
  const auto two = signal.lead(1);
  const auto three = signal.lead(2);
  const auto avr = signal.lead(3);
  const auto avl = signal.lead(4);
  const auto avf = signal.lead(5);
  for (std::size_t t = 0; t < one.size(); ++t) {
    three[t] = two[t] - one[t];
    avr[t] = -(one[t] + two[t]) / 2;
    avl[t] = one[t] - two[t] / 2;
    avf[t] = two[t] - one[t] / 2;
  }
}

}  // namespace einthoven::data
