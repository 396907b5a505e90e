#include "einthoven/verify/recorded_draws.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>

namespace einthoven::verify {
namespace {

struct Draw {
  std::string_view name;     ///< in rng_NAME
  std::string_view in_step;  ///< in step_NN_NAME
  at::Tensor model::ReplayedDraws::*place;
};

constexpr std::array<Draw, 7> kDraws = {{
    {"mask_indices", "mask", &model::ReplayedDraws::mask_indices_BN},
    {"mask_channel_indices", "mask_channel", &model::ReplayedDraws::mask_channel_indices_BD},
    {"neg_idxs", "neg", &model::ReplayedDraws::negatives},
    {"codebook_idx", "codebook", &model::ReplayedDraws::codebook_negatives},
    {"gumbel", "gumbel", &model::ReplayedDraws::gumbel},
    {"gumbel_input", "gumbel_input", &model::ReplayedDraws::gumbel_input},
    {"neg_is_pos", "neg_is_pos", &model::ReplayedDraws::negative_is_positive},
}};

/// Masks of channels may have been kept as they were applied, repeated for every token.
void without_repetition(model::ReplayedDraws& draws) {
  auto& channels = draws.mask_channel_indices_BD;
  if (channels.defined() && channels.dim() == 3) channels = channels.select(1, 0);
}

bool ends_with_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "03_1_mask" -> "mask"
std::string_view without_numbers(std::string_view name) {
  for (auto at = name.find('_'); at != std::string_view::npos; at = name.find('_')) {
    if (!ends_with_digits(name.substr(0, at))) break;
    name.remove_prefix(at + 1);
  }
  return name;
}

bool known_in_mode(std::string_view name) {
  return std::any_of(kDraws.begin(), kDraws.end(), [&](const Draw& draw) {
    const std::string known(draw.name);
    return name == known || name == known + "_eval" || name == known + "_train0";
  });
}

bool known_in_step(std::string_view name) {
  return std::any_of(kDraws.begin(), kDraws.end(),
                     [&](const Draw& draw) { return name == draw.in_step || name == draw.name; });
}

}  // namespace

model::ReplayedDraws draws_of_mode(const Fixture& fixture, const std::string& mode) {
  model::ReplayedDraws draws;
  for (const auto& draw : kDraws) {
    const auto name = fmt::format("rng_{}", draw.name), of_mode = fmt::format("{}_{}", name, mode);
    draws.*draw.place = fixture.tensor(fixture.has(of_mode) ? of_mode : name);
  }
  without_repetition(draws);
  return draws;
}

model::ReplayedDraws draws_of_step(const Fixture& fixture, std::int64_t step, std::int64_t part) {
  model::ReplayedDraws draws;
  const auto of_part = fmt::format("step_{:02}_{}_", step, part);
  const auto of_step = fmt::format("step_{:02}_", step);
  for (const auto& draw : kDraws)
    for (const auto name : {draw.name, draw.in_step}) {
      if (fixture.has(of_part + std::string(name)))
        draws.*draw.place = fixture.tensor(of_part + std::string(name));
      else if (part == 0 && fixture.has(of_step + std::string(name)))
        draws.*draw.place = fixture.tensor(of_step + std::string(name));
    }
  without_repetition(draws);
  return draws;
}

std::vector<std::string> unknown_draws(const Fixture& fixture) {
  constexpr std::string_view rng = "rng_", step = "step_";
  std::vector<std::string> unknown;
  for (const auto& name : fixture.names(std::string(rng)))
    if (!known_in_mode(std::string_view(name).substr(rng.size()))) unknown.push_back(name);
  for (const auto& name : fixture.names(std::string(step)))
    if (!known_in_step(without_numbers(std::string_view(name).substr(step.size()))))
      unknown.push_back(name);
  return unknown;
}

}  // namespace einthoven::verify
