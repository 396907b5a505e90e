#include "einthoven/metric/cinc2021.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::metric {
namespace {

std::set<std::string> codes_of(std::string_view name) {
  std::set<std::string> codes;
  for (const std::string_view code : split(name, '|')) codes.emplace(trim(code));
  return codes;
}

/// Sum over rows of credit(true, predicted) / |true or predicted|, in the order of the classes.
double credit_sum(const CincWeights& weights, const Labels& labels, const Labels& predictions) {
  const std::size_t count = weights.classes.size();
  std::vector<double> confusion(count * count, 0.0);
  for (std::size_t row = 0; row < labels.rows; ++row) {
    const auto truth = labels.row(row);
    const auto answer = predictions.row(row);
    double named = 0;
    for (std::size_t j = 0; j < count; ++j) named += truth[j] || answer[j];
    for (std::size_t j = 0; j < count; ++j)
      for (std::size_t k = 0; truth[j] && k < count; ++k)
        if (answer[k]) confusion[j * count + k] += 1 / std::max(1.0, named);
  }
  double sum = 0;
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    const double credit = weights.credit[i] * confusion[i];
    if (!std::isnan(credit)) sum += credit;
  }
  return sum;
}

}  // namespace

std::size_t CincWeights::class_of(std::string_view code) const {
  const auto found = std::ranges::find_if(
      classes, [&](const auto& codes) { return codes.count(std::string(code)) > 0; });
  if (found == classes.end())
    throw data_error("weights", code, "no class of the weights has this code");
  return static_cast<std::size_t>(found - classes.begin());
}

CincWeights parse_cinc_weights(std::string_view text, const std::string& source) {
  const CsvTable table = parse_csv(text, source);
  CincWeights weights;
  for (std::size_t j = 1; j < table.columns.size(); ++j)
    weights.classes.push_back(codes_of(table.columns[j]));
  if (weights.classes.empty() || table.rows.size() != weights.classes.size())
    throw data_error(source, "weights",
                     fmt::format("is not square (got {} rows, {} classes)", table.rows.size(),
                                 weights.classes.size()));
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (codes_of(row[0]) != weights.classes[i])
      throw data_error(source, row[0], "row and column name different classes");
    for (std::size_t j = 1; j < row.size(); ++j) {
      const bool missing = row[j].empty() || lower(row[j]) == "nan";
      const auto value = missing ? std::optional(std::nan("")) : parse_double(row[j]);
      if (!value) throw data_error(source, row[0], "not a number: " + row[j]);
      weights.credit.push_back(*value);
    }
  }
  return weights;
}

CincWeights read_cinc_weights(const fs::path& path) {
  return parse_cinc_weights(read_file(path, std::size_t{1} << 26), path.string());
}

ChallengeSums& ChallengeSums::operator+=(const ChallengeSums& other) {
  observed += other.observed;
  correct += other.correct;
  inactive += other.inactive;
  return *this;
}

double ChallengeSums::score() const {
  return correct == inactive ? 0.0 : (observed - inactive) / (correct - inactive);
}

ChallengeSums challenge_sums(const CincWeights& weights, const Labels& labels,
                             const Labels& predictions) {
  if (labels.columns != weights.classes.size() || predictions.columns != labels.columns ||
      predictions.rows != labels.rows)
    throw data_error("challenge metric", "labels",
                     fmt::format("want {} classes, got {} labels and {} predictions",
                                 weights.classes.size(), labels.columns, predictions.columns));
  std::vector<std::uint8_t> normal(labels.values.size(), 0);
  const std::size_t sinus = weights.class_of(kSinusRhythm);
  for (std::size_t row = 0; row < labels.rows; ++row) normal[row * labels.columns + sinus] = 1;
  const Labels inactive{normal, labels.rows, labels.columns};
  return {credit_sum(weights, labels, predictions), credit_sum(weights, labels, labels),
          credit_sum(weights, labels, inactive)};
}

}  // namespace einthoven::metric
