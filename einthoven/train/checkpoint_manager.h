// Which checkpoints a run writes, keeps and resumes from.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/config/groups.h"

namespace einthoven::train {

/// When a checkpoint is written. `epoch` is the finished epoch at an end of epoch, else the
/// current.
struct SaveMoment {
  std::int64_t epoch = 1;
  std::int64_t updates = 0;
  bool end_of_epoch = false;
  std::optional<double> value;  ///< of best_checkpoint_metric, if validated
};

/// The names of the reference: checkpoint3, checkpoint_3_500, checkpoint_best,
/// checkpoint.best_loss_0.51, checkpoint_last; folders in our format, `.pt` files with
/// `checkpoint.format=reference`. One checkpoint is written, its other names are hard links; older
/// ones are deleted by the keep_* rules only after that.
///
/// The state is written by a thread while training goes on, one checkpoint at a time. A state of up
/// to `largest_copy` bytes and what lies on a GPU are copied when save() is called; a larger one is
/// read in place, so nothing may change it before await_reader(). A write that fails leaves the
/// checkpoints before it as they are and gives a warning, and the run goes on to the next one;
/// finish() throws if the last write failed.
class CheckpointManager {
 public:
  static constexpr std::size_t kLargestCopy = std::size_t{256} << 20;

  CheckpointManager(const config::CheckpointOptions& options, fs::path save_dir,
                    std::size_t largest_copy = kLargestCopy);
  /// Waits for a write that is under way; its failure becomes a warning.
  ~CheckpointManager();

  /// `make` is called only if a checkpoint is due, after best() has taken the value in.
  void save(const SaveMoment& moment, const std::function<checkpoint::Checkpoint()>& make);
  /// Only checkpoint_last, at a moment of no other rule (a signal).
  void save_last(const std::function<checkpoint::Checkpoint()>& make);
  /// Waits until the tensors that save() was given may change.
  void await_reader() const;
  /// Waits until the last checkpoint is on the disk; its error is thrown here.
  void finish();

  /// The checkpoint of `checkpoint.restore_file`, if it exists.
  std::optional<fs::path> find_restore() const;

  std::optional<double> best() const { return best_; }
  void set_best(std::optional<double> best) { best_ = best; }

  /// Names due at this moment, without ending; the first is written.
  std::vector<std::string> due(const SaveMoment& moment) const;

 private:
  bool is_better(double value, double other) const;
  std::string best_name(double value) const;
  bool enters_best(double value) const;
  fs::path path(const std::string& name) const;
  void start_write(std::vector<std::string> names, const checkpoint::Checkpoint& checkpoint,
                   std::optional<SaveMoment> cleaned);
  void write(const std::vector<std::string>& names, const checkpoint::Checkpoint& checkpoint) const;
  void remove_old(const SaveMoment& moment) const;
  void await_former();

  config::CheckpointOptions options_;
  fs::path save_dir_;
  std::size_t largest_copy_;
  std::optional<double> best_;
  std::future<void> writing_;
  bool reads_in_place_ = false;  ///< what is being written, or was last
};

}  // namespace einthoven::train
