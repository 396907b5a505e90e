// Running values of training: averages, sums and times, shown as fairseq-signals shows them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/config/value.h"

namespace einthoven::train {

/// Names and values in the order in which they are shown.
using Stats = std::vector<std::pair<std::string, double>>;

/// Python's round(): to the nearest decimal, exact halves to even.
double round_decimals(double value, int digits);

/// The places of a log line; lower ones come first.
enum Priority : int {
  kCriterion = 10,
  kDerived = 20,
  kSpeed = 100,
  kUpdates = 200,
  kLearningRate = 300,
  kGradientNorm = 400,
  kClipped = 500,
  kLossScale = 700,
  kWall = 790,
  kTrainWall = 800,
  kLoadWall = 810,
};

constexpr int kExact = -1;  ///< digits: do not round

/// One group of values that are reset together (an aggregator of the reference).
class Meters {
 public:
  /// Values computed from the counters when the group is shown.
  using Derive = std::function<Stats(const std::map<std::string, double>&)>;

  explicit Meters(Derive derive = {}) : derive_(std::move(derive)) {}

  /// Weighted average; weight 0 shows the last value.
  void average(const std::string& name, double value, double weight, int digits = kExact,
               int priority = kCriterion);
  /// A hidden counter that `derive` sees.
  void count(const std::string& name, double value);
  /// Seconds spent, shown as their sum.
  void duration(const std::string& name, double seconds, int priority, int digits = 0);
  /// Events per second since the group's first event, which itself counts as 0.
  void event(const std::string& name, int priority);

  /// Sorted by priority, then by first use.
  Stats stats() const;
  /// Empties all meters; their order stays.
  void reset();
  bool empty() const { return meters_.empty(); }

  /// The list that the reference stores for an aggregator: [priority, name, class, state].
  config::Value state() const;
  void load(const config::Value& state);

 private:
  using Clock = std::chrono::steady_clock;
  enum class Kind { average, counter, duration, speed };
  struct Meter {
    std::string name;
    Kind kind;
    int priority;
    int digits = kExact;
    double last = 0, sum = 0, count = 0;
    bool used = false;  ///< since the last reset
    Clock::time_point start{};
    double value() const;
    double elapsed() const { return std::chrono::duration<double>(Clock::now() - start).count(); }
  };
  Meter& meter(const std::string& name, Kind kind, int priority, int digits);
  static config::Value state_of(const Meter& meter);
  static Meter meter_of(const config::Value& state);

  Derive derive_;
  std::vector<Meter> meters_;
};

}  // namespace einthoven::train
