// Which recordings and segments of a store have a label, rate, lead, patient or split.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::store {

/// All conditions must hold; empty ones do not count.
struct Query {
  std::vector<std::string> labels;   ///< "426783006", "dx:426783006", "scp:AFIB"
  std::vector<std::string> without;  ///< labels that a recording must not have
  std::optional<double> rate_hz;     ///< original sample rate of the recording
  std::vector<std::string> leads;    ///< present, neither absent nor constant nor all invalid
  std::string patient;               ///< salted hash
  std::vector<std::string> splits;   ///< "strat_fold=3"
  std::vector<std::string> fields;   ///< "sex=1"
  std::string dataset;
  std::string source;
  std::int64_t limit = -1;  ///< recordings; -1: all
};

/// A recording that answers a query.
struct Found {
  std::int64_t idx = 0;
  std::string name;
  std::string dataset;
  std::string patient;  ///< salted hash or empty
  double rate_hz = 0;
  std::int64_t samples = 0;  ///< original, per lead
  std::int64_t first_row = -1;
  std::int64_t segments = 0;  ///< rows [first_row, first_row + segments) of the store
};

/// In order of idx. Usage error for a condition that is not NAME=VALUE where it must be, or a lead
/// that the store does not have; data error if the index is damaged.
std::vector<Found> query_store(const fs::path& store, const Query& query);

}  // namespace einthoven::store
