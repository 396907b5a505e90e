// From the text of a report to labels: literal patterns, then a graph of findings.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/text/labeler/findings.h"
#include "einthoven/text/labeler/labeler_config.h"
#include "einthoven/text/labeler/matcher.h"
#include "einthoven/text/labeler/normaliser.h"

namespace einthoven::text {

/// A finding ("Infarction"), or a finding as described ("Infarction - Possible").
struct ReportLabel {
  std::string name;
  double probability = 1;  ///< of a described finding always 1
};

struct LabelledReport {
  std::u32string normalised;
  std::vector<Match> matches;  ///< of `normalised`, from left to right
  Findings findings;
  std::vector<ReportLabel> labels;  ///< by name; the largest probability of each
};

/// Thread-safe once constructed.
class Labeler {
 public:
  /// Reads a configuration folder (labeler_config.h, normaliser.h). `rules`, unless empty, names
  /// a preprocess_rules.json outside of it.
  explicit Labeler(const fs::path& folder, LabelerMode mode = LabelerMode::fixed,
                   const fs::path& rules = {});

  /// Malformed UTF-8 is read as Latin-1.
  LabelledReport label(std::string_view report) const;

  const LabelerConfig& config() const { return config_; }
  /// Where a row comes from, as the reference writes it: "text", "sup - Sinus tachycardia [(7, 0,
  /// 0)]"; `sample` is the number of the report.
  std::string source(const EntityRow& row, std::int64_t sample) const;

 private:
  std::vector<ReportLabel> labels_of(const Findings& findings) const;

  LabelerConfig config_;
  LabelerMode mode_;
  std::unique_ptr<Normaliser> normaliser_;
  PatternMatcher matcher_;
};

/// "fixed" or "reference"; usage error for another name.
LabelerMode parse_labeler_mode(const std::string& name);

}  // namespace einthoven::text
