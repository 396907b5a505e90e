// Signals of a packed store.
#pragma once

#include <string>
#include <vector>

#include "einthoven/data/signal_source.h"
#include "einthoven/store/store.h"

namespace einthoven::data {

/// Chosen segments of a store. Patients are numbered in the order in which they first appear in the
/// whole store, so that all manifests of a store agree.
class StoreSource final : public SignalSource {
 public:
  /// `rows` are segments of the store.
  StoreSource(store::Store store, std::vector<std::size_t> rows);

  std::size_t size() const override { return rows_.size(); }
  std::int64_t length(std::size_t i) const override { return store_.segment(rows_[i]).samples; }
  StoredSignal read(std::size_t i) const override;
  std::string name(std::size_t i) const override;
  std::vector<std::int64_t> lead_numbers() const override { return lead_numbers_; }

 private:
  store::Store store_;
  std::vector<std::size_t> rows_;
  std::vector<std::int64_t> patients_;  ///< of each segment of the store
  std::vector<std::int64_t> lead_numbers_;
};

}  // namespace einthoven::data
