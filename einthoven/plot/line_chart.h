// A chart of several series over a common axis: training curves, ROC curves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/plot/axis.h"
#include "einthoven/plot/canvas.h"

namespace einthoven::plot {

/// Points in the order given. NaN breaks the line. `low` and `high`, if not empty, are a band
/// around y (a confidence interval).
struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low = {};
  std::vector<double> high = {};
  bool dashed = false;
};

struct LineChart {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;
  bool log_y = false;  ///< values that are not positive are left out
  std::optional<Range> x_range = std::nullopt;
  std::optional<Range> y_range = std::nullopt;
  double width_mm = 130;
  double height_mm = 75;
};

/// Colours that differ in lightness too, for colour-blind readers and grey prints (Okabe and Ito).
Colour series_colour(std::size_t index);

/// The picture's bytes. Usage error if x, y, low or high of a series differ in length.
std::string draw_line_chart(const LineChart& chart, PictureFormat format, double dpi = 150);

}  // namespace einthoven::plot
