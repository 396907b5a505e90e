#include "einthoven/verify/verify.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/verify/npy_tensor.h"
#include "einthoven/verify/recorded_draws.h"
#include "einthoven/verify/recorded_run.h"
#include "einthoven/verify/recorded_trace.h"

namespace einthoven::verify {
namespace {

bool has_checkpoint(const fs::path& folder) {
  return fs::exists(folder / "checkpoint.pt") || fs::exists(folder / "checkpoint.safetensors");
}

bool is_fixture(const fs::path& folder) { return has_checkpoint(folder) || is_trace(folder); }

double largest_below(const Tensors& tensors, const std::string& prefix) {
  double magnitude = 0;
  for (const auto& [name, tensor] : tensors)
    if (name.rfind(prefix, 0) == 0 && tensor.numel() > 0)
      magnitude = std::max(magnitude, tensor.abs().max().item<double>());
  return magnitude;
}

std::string gradient_folder(const std::string& name) {
  return name.substr(0, name.find('/', std::string_view("grad/").size()) + 1);
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Gradients are relative to the largest gradient of the model: some are zero but for rounding.
Tolerance tolerance_of(const std::string& name, const Tensors& expected, const Tensors& results,
                       double tolerance) {
  if (name.rfind("grad/", 0) == 0)
    return {10 * tolerance, largest_below(expected, gradient_folder(name))};
  if (ends_with(name, "_gnorm")) return {10 * tolerance, 0};
  const auto undecided = results.find(std::string(kUndecided) + name);
  const double counts = undecided == results.end() ? 0 : undecided->second.item<double>();
  return {tolerance, 1, counts};
}

/// Outputs at padded tokens have no meaning.
at::Tensor meaningful(const std::string& name, const Tensors& results) {
  const auto mask = results.find("out_padding_mask");
  const bool tokens = name == "out_features_padded" || name.rfind("out_layer", 0) == 0;
  if (!tokens || name.find("_padded") == std::string::npos || mask == results.end()) return {};
  return mask->second.logical_not().unsqueeze(-1);
}

void dump(const Tensors& expected, const Tensors& results, const fs::path& folder) {
  for (const auto& [name, tensor] : expected)
    if (const auto found = results.find(name); found != results.end())
      write_tensor(
          folder / (name + ".npy"),
          found->second.to(tensor.scalar_type())
              .reshape_as(found->second.numel() == tensor.numel() ? tensor : found->second));
}

Tensors expected_tensors(const Fixture& fixture) {
  Tensors expected;
  for (const auto* prefix : {"out_", "grad/", "bn/"})
    for (const auto& name : fixture.names(prefix)) expected[name] = fixture.tensor(name);
  return expected;
}

/// Runs everything that the fixture asks for; returns why the rest could not run, or "".
std::string compute(const Fixture& fixture, const fs::path& path, Tensors& results) {
  try {
    const auto checkpoint = checkpoint::read_checkpoint(path);
    const auto config = fixture.config(checkpoint);
    const auto source = path.filename().string();
    const auto model = load_model(config, checkpoint, Dropout::as_configured, source);
    run_forward(fixture, *model, results);
    const auto criterion = load_criterion(config);
    for (const auto& tag : loss_tags(fixture, "eval"))
      run_evaluation(fixture, *model, *criterion, tag, results);
    const auto trained = load_model(config, checkpoint, Dropout::none, source);
    for (const auto& tag : loss_tags(fixture, "train0"))
      run_training(fixture, *trained, *criterion, tag, results);
  } catch (const Error& error) {
    return error.what();
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  } catch (const nlohmann::json::exception& error) {
    return error.what();
  }
  return {};
}

std::vector<Comparison> compare_all(const Tensors& expected, const Tensors& results,
                                    double tolerance, const std::string& reason) {
  std::vector<Comparison> comparisons;
  for (const auto& [name, tensor] : expected) {
    const auto found = results.find(name);
    comparisons.push_back(found == results.end()
                              ? not_computed(name, reason)
                              : compare(name, found->second, tensor,
                                        tolerance_of(name, expected, results, tolerance),
                                        meaningful(name, results)));
  }
  return comparisons;
}

/// What keeps a fixture from saying anything is a failure too.
void add_gaps(const Fixture& fixture, bool nothing_expected, std::vector<Comparison>& comparisons) {
  if (nothing_expected) comparisons.push_back(not_computed("out_*", "no expected tensors here"));
  for (const auto& name : unknown_draws(fixture))
    comparisons.push_back(not_computed(name, "no model here makes this draw"));
}

Verification verify_trace(const fs::path& folder, const VerifyOptions& options) {
  const Fixture fixture(folder);
  Verification result{folder.filename().string(), {}};
  Tensors results, expected;
  std::string reason;
  try {
    expected = expected_trace(fixture);
    run_trace(fixture, results);
  } catch (const Error& error) {
    reason = error.what();
  } catch (const c10::Error& error) {
    reason = error.what_without_backtrace();
  } catch (const nlohmann::json::exception& error) {
    reason = error.what();
  }
  for (const auto& [name, tensor] : expected) {
    const auto found = results.find(name);
    result.comparisons.push_back(
        found == results.end() ? not_computed(name, reason)
                               : compare(name, found->second, tensor, {10 * options.tolerance, 0}));
  }
  if (!reason.empty() && result.comparisons.empty())
    result.comparisons.push_back(not_computed("final/*", reason));
  add_gaps(fixture, expected.empty() && reason.empty(), result.comparisons);
  if (options.dump) dump(expected, results, *options.dump);
  return result;
}

std::vector<Verification> verify_checkpoints(const fs::path& folder, const VerifyOptions& options) {
  const Fixture fixture(folder);
  const auto expected = expected_tensors(fixture);
  const auto checkpoints = fixture.checkpoints();
  std::vector<Verification> results;
  for (const auto& path : checkpoints) {
    Tensors computed;
    const auto reason = compute(fixture, path, computed);
    auto name = folder.filename().string();
    if (checkpoints.size() > 1) name += "/" + path.filename().string();
    results.push_back({name, compare_all(expected, computed, options.tolerance, reason)});
    add_gaps(fixture, expected.empty(), results.back().comparisons);
    if (options.dump) dump(expected, computed, *options.dump);
  }
  return results;
}

}  // namespace

std::size_t Verification::failures() const {
  return static_cast<std::size_t>(std::count_if(comparisons.begin(), comparisons.end(),
                                                [](const auto& each) { return !each.ok; }));
}

std::vector<fs::path> find_fixtures(const fs::path& path) {
  if (!fs::is_directory(path)) throw io_error(path.string(), "is not a folder");
  const auto folder = fs::canonical(path);
  if (is_fixture(folder)) return {folder};
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && is_fixture(entry.path())) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  if (found.empty())
    throw usage_error(
        fmt::format("{}: no fixture here (want checkpoint.pt or initial.pt)", path.string()));
  return found;
}

std::vector<Verification> verify_fixture(const fs::path& folder, const VerifyOptions& options) {
  try {
    if (is_trace(folder)) return {verify_trace(folder, options)};
    return verify_checkpoints(folder, options);
  } catch (const Error& error) {
    return {{folder.filename().string(), {not_computed("*", error.message())}}};
  }
}

}  // namespace einthoven::verify
