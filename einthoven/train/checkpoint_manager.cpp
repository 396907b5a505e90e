#include "einthoven/train/checkpoint_manager.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"
#include "einthoven/checkpoint/checkpoint_path.h"
#include "einthoven/train/checkpoint_link.h"

namespace einthoven::train {
namespace {

constexpr char kReferenceEnding[] = ".pt";

/// A checkpoint of the run folder whose name carries a number.
struct Numbered {
  fs::path path;
  double number = 0;
};

/// Those whose name without ending matches `pattern`; the number is its last group.
std::vector<Numbered> numbered(const fs::path& folder, const std::string& pattern) {
  const std::regex expression(pattern + R"((\.pt)?)");
  std::vector<Numbered> found;
  if (!fs::is_directory(folder)) return found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    std::smatch match;
    if (!std::regex_match(name, match, expression)) continue;
    found.push_back({entry.path(), parse_double(match[match.size() - 2].str()).value_or(0)});
  }
  std::sort(found.begin(), found.end(),
            [](const Numbered& a, const Numbered& b) { return a.number > b.number; });
  return found;
}

std::string escaped(const std::string& text) {
  static const std::regex special(R"([.^$|()\[\]{}*+?\\])");
  return std::regex_replace(text, special, R"(\$&)");
}

void remove_after(const std::vector<Numbered>& sorted, std::int64_t keep) {
  for (std::size_t i = static_cast<std::size_t>(keep); i < sorted.size(); ++i)
    fs::remove_all(sorted[i].path);
}

}  // namespace

CheckpointManager::CheckpointManager(const config::CheckpointOptions& options, fs::path save_dir,
                                     std::size_t largest_copy)
    : options_(options), save_dir_(std::move(save_dir)), largest_copy_(largest_copy) {}

bool CheckpointManager::is_better(double value, double other) const {
  return options_.maximize_best_checkpoint_metric ? value >= other : value <= other;
}

std::string CheckpointManager::best_name(double value) const {
  return fmt::format("checkpoint.best_{}_{:.2f}{}", options_.best_checkpoint_metric, value,
                     options_.checkpoint_suffix);
}

bool CheckpointManager::enters_best(double value) const {
  if (options_.keep_best_checkpoints <= 0) return false;
  const auto kept =
      numbered(save_dir_, R"(checkpoint\.best_)" + escaped(options_.best_checkpoint_metric) +
                              R"(_(-?\d+\.?\d*))" + escaped(options_.checkpoint_suffix));
  if (static_cast<std::int64_t>(kept.size()) < options_.keep_best_checkpoints) return true;
  const Numbered& worst = options_.maximize_best_checkpoint_metric ? kept.back() : kept.front();
  return is_better(value, worst.number);
}

std::vector<std::string> CheckpointManager::due(const SaveMoment& moment) const {
  std::vector<std::string> names;
  const std::string& suffix = options_.checkpoint_suffix;
  if (options_.no_save) return names;
  const auto every = [](std::int64_t number, std::int64_t interval) {
    return interval > 0 && number % interval == 0;
  };
  if (moment.end_of_epoch && !options_.no_epoch_checkpoints &&
      every(moment.epoch, options_.save_interval))
    names.push_back(fmt::format("checkpoint{}{}", moment.epoch, suffix));
  if (!moment.end_of_epoch && every(moment.updates, options_.save_interval_updates))
    names.push_back(fmt::format("checkpoint_{}_{}{}", moment.epoch, moment.updates, suffix));
  if (moment.value && (!best_ || is_better(*moment.value, *best_)))
    names.push_back("checkpoint_best" + suffix);
  if (moment.value && enters_best(*moment.value)) names.push_back(best_name(*moment.value));
  if (!options_.no_last_checkpoints) names.push_back("checkpoint_last" + suffix);
  return names;
}

void CheckpointManager::save(const SaveMoment& moment,
                             const std::function<checkpoint::Checkpoint()>& make) {
  await_former();  // which checkpoints are the best is read from the disk
  const std::vector<std::string> names = due(moment);
  if (moment.value && (!best_ || is_better(*moment.value, *best_))) best_ = moment.value;
  if (!names.empty()) start_write(names, make(), moment);
}

void CheckpointManager::save_last(const std::function<checkpoint::Checkpoint()>& make) {
  await_former();
  if (!options_.no_save) start_write({"checkpoint_last" + options_.checkpoint_suffix}, make(), {});
}

void CheckpointManager::start_write(std::vector<std::string> names,
                                    const checkpoint::Checkpoint& checkpoint,
                                    std::optional<SaveMoment> cleaned) {
  using checkpoint::HostTensors;
  reads_in_place_ = checkpoint::host_bytes(checkpoint) > largest_copy_;
  const auto job = [this, names = std::move(names), cleaned,
                    state = checkpoint::on_host(
                        checkpoint, reads_in_place_ ? HostTensors::shared : HostTensors::copied)] {
    write(names, state);
    if (cleaned) remove_old(*cleaned);
  };
  writing_ = std::async(std::launch::async, job);
}

void CheckpointManager::await_former() {
  if (!writing_.valid()) return;
  try {
    writing_.get();
  } catch (const std::exception& error) {
    log_warn(fmt::format("no checkpoint written, the one before stays: {}", error.what()));
  }
}

void CheckpointManager::await_reader() const {
  if (reads_in_place_ && writing_.valid()) writing_.wait();
}

void CheckpointManager::finish() {
  if (writing_.valid()) writing_.get();
  if (!options_.no_save) remove_old({});  // which a run killed behind its last write has not done
}

CheckpointManager::~CheckpointManager() { await_former(); }

fs::path CheckpointManager::path(const std::string& name) const {
  return save_dir_ / (options_.format == "reference" ? name + kReferenceEnding : name);
}

void CheckpointManager::write(const std::vector<std::string>& names,
                              const checkpoint::Checkpoint& checkpoint) const {
  fs::create_directories(save_dir_);
  const fs::path first = path(names.front());
  if (options_.format == "reference")
    checkpoint::write_reference(first, checkpoint);
  else
    checkpoint::write_native(first, checkpoint);
  for (std::size_t i = 1; i < names.size(); ++i) link_checkpoint(first, path(names[i]));
  log_info(fmt::format("saved {}", fmt::join(names, ", ")));
}

void CheckpointManager::remove_old(const SaveMoment& moment) const {
  const std::string suffix = escaped(options_.checkpoint_suffix);
  if (!moment.end_of_epoch && options_.keep_interval_updates > 0) {
    auto saved = numbered(save_dir_, R"(checkpoint_\d+_(\d+))" + suffix);
    const std::int64_t pattern = options_.keep_interval_updates_pattern;
    std::erase_if(saved, [&](const Numbered& one) {
      return pattern > 0 && static_cast<std::int64_t>(one.number) % pattern == 0;
    });
    remove_after(saved, options_.keep_interval_updates);
  }
  if (options_.keep_last_epochs > 0)
    remove_after(numbered(save_dir_, R"(checkpoint(\d+))" + suffix), options_.keep_last_epochs);
  if (options_.keep_best_checkpoints > 0) {
    auto best =
        numbered(save_dir_, R"(checkpoint\.best_)" + escaped(options_.best_checkpoint_metric) +
                                R"(_(-?\d+\.?\d*))" + suffix);
    if (!options_.maximize_best_checkpoint_metric) std::reverse(best.begin(), best.end());
    remove_after(best, options_.keep_best_checkpoints);
  }
}

std::optional<fs::path> CheckpointManager::find_restore() const {
  if (options_.restore_file == "checkpoint_last.pt") {
    const fs::path folder = save_dir_ / ("checkpoint_last" + options_.checkpoint_suffix);
    const fs::path file = folder.string() + kReferenceEnding;
    if (!fs::exists(folder) || !fs::exists(file)) return checkpoint::existing_checkpoint(folder);
    const bool folder_is_newer = fs::last_write_time(folder) > fs::last_write_time(file);
    log_warn(fmt::format("{} exists in both formats: the newer, {}, is taken", folder.string(),
                         folder_is_newer ? "the folder" : "the .pt file"));
    return folder_is_newer ? folder : file;
  }
  const auto found = checkpoint::existing_checkpoint(options_.restore_file);
  if (!found)
    log_warn(fmt::format("checkpoint.restore_file: {} does not exist; training starts anew",
                         options_.restore_file));
  return found;
}

}  // namespace einthoven::train
