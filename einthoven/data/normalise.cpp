#include "einthoven/data/normalise.h"

#include <fmt/core.h>

#include <cmath>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::data {
namespace {

std::vector<double> read_numbers(const fs::path& file) {
  const std::string text = read_file(file, std::size_t{1} << 20);
  std::vector<double> numbers;
  std::size_t line_number = 0;
  for (const auto line : split_lines(text)) {
    ++line_number;
    if (trim(line).empty()) continue;
    const auto number = parse_double(trim(line));
    if (!number)
      throw data_error(fmt::format("{}:{}", file.string(), line_number), "number",
                       fmt::format("want one number a line (got {})", trim(line)));
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

LeadNormalise::LeadNormalise(std::unique_ptr<Dataset> inner, const fs::path& mean_file,
                             const fs::path& std_file, std::vector<std::int64_t> rows)
    : DatasetDecorator(std::move(inner)),
      source_(mean_file.string()),
      mean_(read_numbers(mean_file)),
      std_(read_numbers(std_file)),
      rows_(std::move(rows)) {
  if (mean_.size() != std_.size())
    throw data_error(
        std_file.string(), "lines",
        fmt::format("not as many as means (got {}, want {})", std_.size(), mean_.size()));
  for (const double deviation : std_)
    if (!(deviation > 0))
      throw data_error(std_file.string(), "standard deviation",
                       fmt::format("must be positive (got {})", deviation));
}

Item LeadNormalise::get(std::size_t index, const Context& context) const {
  Item item = inner().get(index, context);
  for (Sample& sample : item) {
    for (std::int64_t row = 0; row < sample.source.leads; ++row) {
      const auto r = static_cast<std::size_t>(row);
      const auto lead = r < rows_.size() ? static_cast<std::size_t>(rows_[r]) : r;
      if (lead >= mean_.size())
        throw data_error(
            source_, "lines",
            fmt::format("no constants for row {} of the signals ({} lines)", row, mean_.size()));
      const auto mean = static_cast<float>(mean_[lead]);
      const auto deviation = static_cast<float>(std_[lead]);
      for (float& value : sample.source.lead(row)) value = (value - mean) / deviation;
    }
  }
  return item;
}

Item WholeNormalise::get(std::size_t index, const Context& context) const {
  Item item = inner().get(index, context);
  for (Sample& sample : item) {
    auto& values = sample.source.values;
    const auto count = static_cast<double>(values.size());
    double mean = 0;
    for (const float value : values) mean += static_cast<double>(value);
    mean /= count;
    double variance = 0;
    for (const float value : values) variance += std::pow(static_cast<double>(value) - mean, 2);
    const double scale = 1.0 / std::sqrt(variance / count + 1e-5);
    for (float& value : values)
      value = static_cast<float>((static_cast<double>(value) - mean) * scale);
  }
  return item;
}

}  // namespace einthoven::data
