// Estimates with confidence intervals, one row a label: metrics of one or more models.
#pragma once

#include <string>
#include <vector>

#include "einthoven/plot/axis.h"
#include "einthoven/plot/canvas.h"

namespace einthoven::plot {

struct Estimate {
  double value = 0;  ///< NaN: not defined, drawn as a dash
  double low = 0;
  double high = 0;
};

/// One model's estimates, in the order of the chart's labels.
struct EstimateGroup {
  std::string name;
  std::vector<Estimate> estimates;
};

struct IntervalChart {
  std::string title;
  std::string x_label;  ///< e.g. "AUROC"
  std::vector<std::string> labels;
  std::vector<EstimateGroup> groups;
  double width_mm = 130;
};

/// The picture's bytes; its height follows from the number of labels and groups. Usage error if a
/// group has not one estimate a label.
std::string draw_interval_chart(const IntervalChart& chart, PictureFormat format, double dpi = 150);

}  // namespace einthoven::plot
