// What the layouts of imitation.h share: one simulated recording, and how a corpus writes them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"
#include "einthoven/signal/simulator/ecg_simulator.h"

namespace einthoven::corpus {

struct ImitatedRecord {
  std::int64_t number = 0;  ///< from 0
  std::size_t patient = 0;  ///< from 0
  std::int64_t visit = 0;   ///< of the patient, from 1
  signal::simulator::Patient person;
  signal::simulator::SimulatedEcg ecg;

  bool has(signal::simulator::Condition condition) const {
    return signal::simulator::contains(ecg.conditions, condition);
  }
  /// Nothing but sinus rhythm.
  bool is_normal() const;
  /// Names of the conditions, as a machine would report them.
  std::vector<std::string> report() const;
  /// "2024-03-07", a day of its own for each recording.
  std::string date() const;
};

/// Makes recording `number` at the rate and of the length of the corpus; in ascending order.
using DrawRecord = std::function<ImitatedRecord(std::int64_t number)>;

struct ImitationLayout {
  std::string_view corpus;
  double rate_hz;
  double seconds;
  void (*write)(const fs::path& dest, std::int64_t count, const DrawRecord& draw);
};

std::span<const ImitationLayout> table_layouts();  ///< with tables of WFDB records
std::span<const ImitationLayout> exam_layouts();   ///< HDF5, MATLAB, XML

/// The layout of an annotated database.
struct WfdbDatabase;
void imitate_database(const WfdbDatabase& database, const fs::path& dest, std::int64_t count,
                      const DrawRecord& draw);

}  // namespace einthoven::corpus
