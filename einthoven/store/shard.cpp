#include "einthoven/store/shard.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"

namespace einthoven::store {
namespace {

/// What is written at once, at multiples of itself: the system's cache then takes it in large
/// pieces, in half the time.
constexpr std::size_t kBlock = std::size_t{1} << 18;

}  // namespace

std::string shard_file_name(const char* kind, std::int64_t shard) {
  return fmt::format("{}-{:05d}.npy", kind, shard);
}

ShardWriter::ShardWriter(const fs::path& folder, std::int64_t shard, SampleType type,
                         std::size_t leads, std::int64_t segment_samples)
    : folder_(folder),
      shard_(shard),
      type_(type),
      leads_(static_cast<std::int64_t>(leads)),
      segment_samples_(segment_samples),
      file_(folder / shard_file_name("signals", shard), kBlock) {
  file_.write(std::string(kArrayHeaderBytes, ' '));
}

void ShardWriter::append(const PackedSegments& segments) {
  file_.write(segments.bytes);
  hash_.update(as_bytes(segments.bytes));
  data_bytes_ += segments.bytes.size();
  scales_.insert(scales_.end(), segments.scales.begin(), segments.scales.end());
}

std::int64_t ShardWriter::position() const {
  const auto elements = static_cast<std::int64_t>(data_bytes_ / sample_bytes(type_));
  return segment_samples_ > 0 ? elements / (leads_ * segment_samples_) : elements;
}

void ShardWriter::commit() {
  std::vector<std::int64_t> shape = {position()};
  if (segment_samples_ > 0) shape.insert(shape.end(), {leads_, segment_samples_});
  const std::string header = npy_header(sample_type_dtype(type_), shape);
  if (header.size() != kArrayHeaderBytes) throw internal_error("npy header of unexpected length");
  file_.seek(0);
  file_.write(header);
  file_.commit();
  if (type_ == SampleType::int16)
    write_npy(folder_ / shard_file_name("scales", shard_),
              {static_cast<std::int64_t>(scales_.size()) / leads_, leads_},
              std::span<const float>(scales_));
}

}  // namespace einthoven::store
