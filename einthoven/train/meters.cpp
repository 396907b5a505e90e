#include "einthoven/train/meters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "einthoven/base/error.h"

namespace einthoven::train {

double round_decimals(double value, int digits) {
  if (digits < 0 || !std::isfinite(value)) return value;
  return std::strtod(fmt::format("{:.{}f}", value, digits).c_str(), nullptr);
}

double Meters::Meter::value() const {
  switch (kind) {
    case Kind::average:
      return round_decimals(count > 0 ? sum / count : last, digits);
    case Kind::speed: {
      const double seconds = elapsed();
      return count > 0 && seconds > 0 ? round_decimals(count / seconds, digits) : 0;
    }
    case Kind::counter:
    case Kind::duration:
      return round_decimals(sum, digits);
  }
  return 0;
}

Meters::Meter& Meters::meter(const std::string& name, Kind kind, int priority, int digits) {
  const auto same = [&](const Meter& m) { return m.name == name; };
  const auto found = std::find_if(meters_.begin(), meters_.end(), same);
  if (found != meters_.end()) return *found;
  const auto later = [&](const Meter& m) { return m.priority > priority; };
  const auto place = std::find_if(meters_.begin(), meters_.end(), later);
  Meter added{.name = name, .kind = kind, .priority = priority, .digits = digits};
  added.start = Clock::now();
  return *meters_.insert(place, std::move(added));
}

void Meters::average(const std::string& name, double value, double weight, int digits,
                     int priority) {
  Meter& m = meter(name, Kind::average, priority, digits);
  m.last = value;
  m.sum += value * weight;
  m.count += weight;
  m.used = true;
}

void Meters::count(const std::string& name, double value) {
  Meter& m = meter(name, Kind::counter, kCriterion, kExact);
  m.sum += value;
  m.used = true;
}

void Meters::duration(const std::string& name, double seconds, int priority, int digits) {
  Meter& m = meter(name, Kind::duration, priority, digits);
  m.sum += seconds;
  m.used = true;
}

void Meters::event(const std::string& name, int priority) {
  Meter& m = meter(name, Kind::speed, priority, 2);
  if (m.used)
    m.count += 1;
  else
    m.start = Clock::now();
  m.used = true;
}

Stats Meters::stats() const {
  std::vector<std::pair<int, Stats::value_type>> shown;
  std::map<std::string, double> counters;
  for (const Meter& m : meters_) {
    if (!m.used) continue;
    if (m.kind == Kind::counter)
      counters[m.name] = m.sum;
    else
      shown.push_back({m.priority, {m.name, m.value()}});
  }
  if (derive_ && !counters.empty())
    for (auto& derived : derive_(counters)) shown.push_back({kDerived, std::move(derived)});
  std::stable_sort(shown.begin(), shown.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Stats stats;
  for (auto& [priority, stat] : shown) stats.push_back(std::move(stat));
  return stats;
}

void Meters::reset() {
  for (Meter& m : meters_) {
    m.last = m.sum = m.count = 0;
    // A rate keeps its clock: the first interval after a reset counts from the reset.
    m.start = Clock::now();
    m.used = m.used && m.kind == Kind::speed;
  }
}

config::Value Meters::state_of(const Meter& m) {
  const config::Value digits = m.digits < 0 ? config::Value() : config::Value(m.digits);
  switch (m.kind) {
    case Kind::average: {
      const config::Value last = m.used ? config::Value(m.last) : config::Value();
      return {m.priority, m.name, "AverageMeter",
              config::Value{{"val", last}, {"sum", m.sum}, {"count", m.count}, {"round", digits}}};
    }
    case Kind::counter:
      // Hidden from the reference's log lines by the underscore.
      return {m.priority, "_" + m.name, "SumMeter",
              config::Value{{"sum", m.sum}, {"round", digits}}};
    case Kind::duration:
      return {m.priority, m.name, "StopwatchMeter",
              config::Value{{"sum", m.sum}, {"n", 0}, {"round", digits}}};
    case Kind::speed:
      return {m.priority, m.name, "TimeMeter",
              config::Value{{"init", m.elapsed()}, {"n", m.count}, {"round", digits}}};
  }
  return {};
}

Meters::Meter Meters::meter_of(const config::Value& entry) {
  const auto& state = entry.at(3);
  const auto number = [&](const char* key) {
    return state.contains(key) && state[key].is_number() ? state[key].get<double>() : 0.0;
  };
  const auto type = entry.at(2).get<std::string>();
  const int digits =
      state.contains("round") && state["round"].is_number() ? state["round"].get<int>() : kExact;
  Meter m{.name = entry.at(1).get<std::string>(),
          .kind = Kind::average,
          .priority = entry.at(0).get<int>(),
          .digits = digits};
  m.last = number("val");
  m.sum = number("sum");
  m.count = number(type == "TimeMeter" ? "n" : "count");
  m.used = m.count > 0 || m.sum != 0 || (state.contains("val") && state["val"].is_number());
  if (type == "SumMeter") {
    m.kind = Kind::counter;
    m.used = true;
    m.name.erase(0, m.name.starts_with('_') ? 1 : 0);
  }
  if (type == "StopwatchMeter") m.kind = Kind::duration;
  if (type == "TimeMeter") {
    m.kind = Kind::speed;
    m.used = true;
  }
  m.start = Clock::now() - std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(number("init")));
  return m;
}

config::Value Meters::state() const {
  config::Value list = config::Value::array();
  for (const Meter& m : meters_) list.push_back(state_of(m));
  return list;
}

void Meters::load(const config::Value& state) {
  meters_.clear();
  try {
    for (const config::Value& entry : state) {
      // The reference keeps its own hidden counters as averages named "_x".
      const auto name = entry.at(1).get<std::string>();
      const bool foreign = name.starts_with('_') && entry.at(2) != "SumMeter";
      if (!foreign) meters_.push_back(meter_of(entry));
    }
  } catch (const config::Value::exception&) {
    throw checkpoint_error("checkpoint", "extra_state.metrics", "not a list of meters");
  }
}

}  // namespace einthoven::train
