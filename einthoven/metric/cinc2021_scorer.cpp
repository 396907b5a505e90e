#include "einthoven/metric/cinc2021_scorer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/metric/multilabel.h"
#include "einthoven/metric/ranking.h"

namespace einthoven::metric {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 24;

/// Rows of all recordings, one after the other.
struct Sample {
  std::vector<std::uint8_t> labels;
  std::vector<std::uint8_t> predictions;
  std::vector<double> scores;
};

std::vector<fs::path> header_files(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw io_error(folder.string(), "is not a folder");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name[0] != '.' && lower(entry.path().extension().string()) == ".hea")
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw data_error(folder.string(), "labels", "no .hea files in this folder");
  return files;
}

std::set<std::string> diagnoses(const fs::path& header, DxHeaders headers) {
  std::set<std::string> codes;
  const std::string text = read_file(header, kLargestFile);
  for (std::string_view line : split_lines(text)) {
    if (line.substr(0, 1) != "#") continue;
    line.remove_prefix(1);
    if (headers == DxHeaders::any_spacing) line = trim(line);
    const std::size_t colon = line.find(": ");
    if (line.substr(0, 2) != "Dx" || colon == std::string_view::npos) continue;
    for (const std::string_view code : split(line.substr(colon + 2), ','))
      codes.emplace(trim(code));
  }
  return codes;
}

bool is_yes(std::string_view text) {
  const std::string_view word = trim(text);
  const auto number = parse_double(word);
  return (number && *number == 1) || word == "True" || word == "true" || word == "T" || word == "t";
}

double finite_or_zero(std::string_view text) {
  const auto number = parse_double(trim(text));
  return number && std::isfinite(*number) ? *number : 0.0;
}

bool overlaps(const std::set<std::string>& codes, std::string_view alternatives) {
  const auto parts = split(alternatives, '|');
  return std::ranges::any_of(
      parts, [&](std::string_view code) { return codes.contains(std::string(trim(code))); });
}

void append_outputs(const fs::path& file, const CincWeights& weights, Sample& sample) {
  if (!fs::exists(file)) throw data_error(file.string(), "output", "is missing");
  const std::string text = read_file(file, kLargestFile);
  const auto lines = split_lines(text);
  if (lines.size() < 4) throw data_error(file.string(), "output", "has fewer than four lines");
  const auto columns = split(lines[1], ',');
  const auto binary = split(lines[2], ',');
  const auto scores = split(lines[3], ',');
  if (binary.size() != columns.size() || scores.size() != columns.size())
    throw data_error(file.string(), "output",
                     fmt::format("lines differ in length (got {} classes, {} outputs, {} scores)",
                                 columns.size(), binary.size(), scores.size()));
  for (const auto& codes : weights.classes) {
    bool answer = false;
    double sum = 0;
    int hits = 0;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      if (!overlaps(codes, columns[k])) continue;
      answer |= is_yes(binary[k]);
      sum += finite_or_zero(scores[k]);
      ++hits;
    }
    sample.predictions.push_back(answer);
    sample.scores.push_back(hits > 0 ? sum / hits : 0.0);
  }
}

std::string csv_values(const std::vector<double>& values) {
  std::string line;
  for (const double value : values)
    line += std::isnan(value) ? std::string(",nan") : fmt::format(",{:.3f}", value);
  return line;
}

}  // namespace

CincScores score_cinc_folders(const fs::path& labels, const fs::path& outputs,
                              const CincWeights& weights, DxHeaders headers) {
  Sample sample;
  const auto files = header_files(labels);
  for (const fs::path& file : files) {
    const auto codes = diagnoses(file, headers);
    for (const auto& wanted : weights.classes)
      sample.labels.push_back(std::ranges::any_of(
          wanted, [&](const std::string& code) { return codes.contains(code); }));
    append_outputs(outputs / (file.stem().string() + ".csv"), weights, sample);
  }
  const std::size_t classes = weights.classes.size();
  const Labels truth{sample.labels, files.size(), classes};
  const Labels answers{sample.predictions, files.size(), classes};
  const Scores scores{sample.scores, files.size(), classes};
  CincScores result;
  for (const auto& codes : weights.classes)
    result.class_names.push_back(join(std::vector<std::string>(codes.begin(), codes.end()), "|"));
  result.class_auroc = per_label(truth, scores, auroc);
  result.class_auprc = per_label(truth, scores, average_precision);
  for (std::size_t j = 0; j < classes; ++j)
    result.class_f_measure.push_back(count_binary(truth.column(j), answers.column(j)).f1());
  result.auroc = mean_defined(result.class_auroc);
  result.auprc = mean_defined(result.class_auprc);
  result.accuracy = exact_match_accuracy(truth, answers);
  result.f_measure = mean_defined(result.class_f_measure);
  result.challenge_metric = challenge_sums(weights, truth, answers).score();
  return result;
}

std::string cinc_summary_csv(const CincScores& scores) {
  const std::string values = csv_values(
      {scores.auroc, scores.auprc, scores.accuracy, scores.f_measure, scores.challenge_metric});
  return "AUROC,AUPRC,Accuracy,F-measure,Challenge metric\n" + values.substr(1);
}

std::string cinc_class_csv(const CincScores& scores) {
  return "Classes," + join(scores.class_names, ",") + "\nAUROC" + csv_values(scores.class_auroc) +
         "\nAUPRC" + csv_values(scores.class_auprc) + "\nF-measure" +
         csv_values(scores.class_f_measure);
}

}  // namespace einthoven::metric
