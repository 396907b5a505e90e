#include "einthoven/infer/subset_metrics.h"

#include <functional>
#include <span>

#include "einthoven/metric/multilabel.h"
#include "einthoven/metric/ranking.h"

namespace einthoven::infer {
namespace {

/// The chosen rows, with repetitions.
struct Drawn {
  std::vector<double> scores;
  std::vector<std::uint8_t> targets;
  std::size_t rows = 0;
  std::size_t labels = 0;

  metric::Scores score_matrix() const { return {scores, rows, labels}; }
  metric::Labels target_matrix() const { return {targets, rows, labels}; }
};

Drawn draw(const ScoredRows& all, std::span<const std::size_t> indices) {
  Drawn out{{}, {}, indices.size(), all.labels};
  out.scores.reserve(indices.size() * all.labels);
  out.targets.reserve(indices.size() * all.labels);
  for (const std::size_t row : indices) {
    const auto from = static_cast<std::ptrdiff_t>(row * all.labels);
    const auto to = from + static_cast<std::ptrdiff_t>(all.labels);
    out.scores.insert(out.scores.end(), all.scores.begin() + from, all.scores.begin() + to);
    out.targets.insert(out.targets.end(), all.targets.begin() + from, all.targets.begin() + to);
  }
  return out;
}

metric::Interval interval(const ScoredRows& rows, const std::function<double(const Drawn&)>& metric,
                          const metric::BootstrapOptions& options) {
  const metric::SampleMetric of_rows = [&](std::span<const std::size_t> indices) {
    return metric(draw(rows, indices));
  };
  return rows.groups.empty() ? metric::bootstrap(rows.rows(), of_rows, options)
                             : metric::bootstrap_groups(rows.groups, of_rows, options);
}

std::function<double(const Drawn&)> macro(metric::BinaryMetric metric) {
  return [metric](const Drawn& d) {
    return metric::mean_defined(metric::per_label(d.target_matrix(), d.score_matrix(), metric));
  };
}

std::function<double(const Drawn&)> micro(const metric::BinaryMetric& metric) {
  return [metric](const Drawn& d) {
    return metric::micro(d.target_matrix(), d.score_matrix(), metric);
  };
}

metric::BinaryCounts counts(const Drawn& d) {
  return metric::count_binary(d.targets, metric::above(d.scores, 0.5));
}

double exact_match(const Drawn& d) {
  const auto predictions = metric::above(d.scores, 0.5);
  return metric::exact_match_accuracy(d.target_matrix(), {predictions, d.rows, d.labels});
}

/// One column as rows of a single label.
ScoredRows column(const ScoredRows& rows, std::size_t label) {
  ScoredRows out{1, {}, {}, rows.groups};
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    out.scores.push_back(rows.scores[row * rows.labels + label]);
    out.targets.push_back(rows.targets[row * rows.labels + label]);
  }
  return out;
}

}  // namespace

std::vector<NamedInterval> overall_metrics(const ScoredRows& rows,
                                           const metric::BootstrapOptions& options) {
  const std::pair<const char*, std::function<double(const Drawn&)>> table[] = {
      {"auroc_macro", macro(metric::auroc)},
      {"auprc_macro", macro(metric::average_precision)},
      {"auroc_micro", micro(metric::auroc)},
      {"auprc_micro", micro(metric::average_precision)},
      {"accuracy", [](const Drawn& d) { return counts(d).accuracy(); }},
      {"em_accuracy", exact_match},
      {"f1_micro", [](const Drawn& d) { return counts(d).f1(); }},
  };
  std::vector<NamedInterval> out;
  for (const auto& [name, metric] : table) out.push_back({name, interval(rows, metric, options)});
  return out;
}

std::vector<LabelMetrics> label_metrics(const ScoredRows& rows,
                                        const std::vector<std::string>& labels,
                                        const metric::BootstrapOptions& options) {
  std::vector<LabelMetrics> out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ScoredRows one = column(rows, i);
    LabelMetrics entry{labels[i], 0, {}};
    for (const std::uint8_t target : one.targets) entry.positives += target;
    entry.metrics.push_back({"auroc", interval(one, micro(metric::auroc), options)});
    entry.metrics.push_back({"auprc", interval(one, micro(metric::average_precision), options)});
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace einthoven::infer
