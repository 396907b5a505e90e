// Datasets: numbered items, each one or more signals, built as decorators around a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace einthoven::data {

/// Leads of equal length, float32, `[lead][sample]`, contiguous.
struct Signal {
  std::int64_t leads = 0;
  std::int64_t length = 0;
  std::vector<float> values;

  Signal() = default;
  Signal(std::int64_t lead_count, std::int64_t sample_count)
      : leads(lead_count),
        length(sample_count),
        values(static_cast<std::size_t>(lead_count * sample_count)) {}

  std::span<float> lead(std::int64_t index) {
    return {values.data() + index * length, static_cast<std::size_t>(length)};
  }
  std::span<const float> lead(std::int64_t index) const {
    return {values.data() + index * length, static_cast<std::size_t>(length)};
  }
};

/// One row of a batch before collation.
struct Sample {
  std::int64_t id = 0;  ///< row of the dataset; pairs and views of one row share it
  Signal source;
  std::optional<Signal> original;          ///< source before augmentation, if asked for
  std::vector<float> label;                ///< class labels [K]; empty: none
  std::vector<std::int64_t> target_idx;    ///< head that each label is of; empty: all in order
  std::vector<std::int64_t> attribute_id;  ///< of each label, or empty
  std::optional<std::int64_t> identity;    ///< class of an identification task
  std::optional<std::int64_t> patient_id;  ///< patient (or record) that CMSC pairs share
  std::optional<std::int64_t> segment;     ///< 0 or 1 within a CMSC pair
};

/// The rows that one item adds to a batch: one; views: two; CMSC: an even number.
using Item = std::vector<Sample>;

/// What the random draws of an item depend on, besides the seed and the item itself.
struct Context {
  std::int64_t epoch = 1;
};

/// Items may be read from several threads at once; the same (index, context) always gives the same
/// item, whatever was read before.
class Dataset {
 public:
  virtual ~Dataset() = default;

  virtual std::size_t size() const = 0;
  /// Samples per signal of an item before cropping, known without reading it.
  virtual std::int64_t length(std::size_t index) const = 0;
  /// data error naming the file (never a patient) if it cannot be read or does not fit the request.
  virtual Item get(std::size_t index, const Context& context) const = 0;
};

/// A dataset that changes the items of another one.
class DatasetDecorator : public Dataset {
 public:
  explicit DatasetDecorator(std::unique_ptr<Dataset> inner) : inner_(std::move(inner)) {}

  std::size_t size() const override { return inner_->size(); }
  std::int64_t length(std::size_t index) const override { return inner_->length(index); }

 protected:
  const Dataset& inner() const { return *inner_; }

 private:
  std::unique_ptr<Dataset> inner_;
};

/// The lengths of all items, as batching needs them.
std::vector<std::int64_t> lengths(const Dataset& dataset);

}  // namespace einthoven::data
