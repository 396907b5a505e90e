// The challenge metric of PhysioNet/CinC 2021 (Reyna et al. 2021): partial credit for diagnoses
// with similar treatment.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/metric/matrix.h"

namespace einthoven::metric {

/// SNOMED CT code of sinus rhythm: the answer of a classifier that finds nothing.
inline constexpr std::string_view kSinusRhythm = "426783006";

/// weights.csv: names of rows and columns are classes, each one code or several equivalent ones
/// joined by '|'; cell (i, j) is the credit for answering j when i is true.
struct CincWeights {
  std::vector<std::set<std::string>> classes;
  std::vector<double> credit;  ///< [classes, classes]

  /// Index of the class that has this code; data error if none.
  std::size_t class_of(std::string_view code) const;
};

/// Data error unless rows and columns name the same classes in the same order.
CincWeights parse_cinc_weights(std::string_view text, const std::string& source);
CincWeights read_cinc_weights(const fs::path& path);

/// Sums that add up over batches.
struct ChallengeSums {
  double observed = 0;  ///< of the predictions
  double correct = 0;   ///< of perfect predictions
  double inactive = 0;  ///< of always answering sinus rhythm

  ChallengeSums& operator+=(const ChallengeSums& other);
  /// (observed - inactive) / (correct - inactive); 0 if the denominator is 0.
  double score() const;
};

/// Credit of every true class and predicted class of a row, divided by the number of classes that
/// are either (at least 1). NaN weights count nothing.
ChallengeSums challenge_sums(const CincWeights& weights, const Labels& labels,
                             const Labels& predictions);

}  // namespace einthoven::metric
