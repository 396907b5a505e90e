#include "einthoven/plot/interval_chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/plot/line_chart.h"

namespace einthoven::plot {
namespace {

constexpr Stroke kGrid = {rgb(0xE2E2E2), 0.15, 0};
constexpr Stroke kFrame = {rgb(0x444444), 0.2, 0};
constexpr TextStyle kText = {2.7, rgb(0x222222), Anchor::left, false, 0};
constexpr double kRow = 3.4;  // one estimate
constexpr double kGap = 2.2;  // between labels

void check(const IntervalChart& chart) {
  for (const EstimateGroup& group : chart.groups)
    if (group.estimates.size() != chart.labels.size())
      throw usage_error(fmt::format("chart: group \"{}\": got {} estimates, want {}", group.name,
                                    group.estimates.size(), chart.labels.size()));
}

Range range_over(const IntervalChart& chart) {
  std::vector<double> values;
  for (const EstimateGroup& group : chart.groups)
    for (const Estimate& e : group.estimates) values.insert(values.end(), {e.value, e.low, e.high});
  return range_of(values, false);
}

void draw_estimate(Canvas& canvas, const Estimate& estimate, double y, const Colour& colour,
                   const auto& x_of) {
  if (!std::isfinite(estimate.value)) return;
  const Stroke stroke = {colour, 0.4, 0};
  const double low = x_of(estimate.low);
  const double high = x_of(estimate.high);
  const double x = x_of(estimate.value);
  canvas.line({low, y}, {high, y}, stroke);
  canvas.line({low, y - 0.7}, {low, y + 0.7}, stroke);
  canvas.line({high, y - 0.7}, {high, y + 0.7}, stroke);
  canvas.fill({x - 0.8, y - 0.8, 1.6, 1.6}, colour);
}

}  // namespace

std::string draw_interval_chart(const IntervalChart& chart, PictureFormat format, double dpi) {
  check(chart);
  const double label_height = kRow * static_cast<double>(chart.groups.size()) + kGap;
  const double top = (chart.title.empty() ? 3 : 9) + 5;
  const double height = label_height * static_cast<double>(chart.labels.size());
  Canvas canvas(chart.width_mm, top + height + 12, format, dpi);
  double left = 0;
  for (const std::string& label : chart.labels)
    left = std::max(left, canvas.text_width(label, kText));
  const Box plot = {left + 7, top, chart.width_mm - left - 12, height};
  const Range range = range_over(chart);
  const auto x_of = [&](double value) {
    return plot.x + plot.width * (value - range.low) / (range.high - range.low);
  };

  canvas.text({4, 6}, chart.title, {3.6, kBlack, Anchor::left, true, 0});
  TextStyle centre = kText;
  centre.anchor = Anchor::centre;
  for (const Tick& tick : linear_ticks(range, 7)) {
    const double x = x_of(tick.value);
    canvas.line({x, plot.y}, {x, plot.y + height}, kGrid);
    canvas.text({x, plot.y + height + 4}, tick.label, centre);
  }
  canvas.text({plot.x + plot.width / 2, plot.y + height + 9}, chart.x_label, centre);
  canvas.rectangle(plot, kFrame);

  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    const double y = plot.y + label_height * static_cast<double>(i);
    canvas.text({4, y + label_height / 2 + 0.9}, chart.labels[i], kText);
    for (std::size_t g = 0; g < chart.groups.size(); ++g)
      draw_estimate(canvas, chart.groups[g].estimates[i],
                    y + kGap / 2 + kRow * (static_cast<double>(g) + 0.5), series_colour(g), x_of);
  }
  double x = plot.x;
  for (std::size_t g = 0; g < chart.groups.size(); ++g) {
    canvas.fill({x, plot.y - 3.4, 1.6, 1.6}, series_colour(g));
    canvas.text({x + 2.6, plot.y - 1.7}, chart.groups[g].name, kText);
    x += canvas.text_width(chart.groups[g].name, kText) + 8;
  }
  return canvas.finish();
}

}  // namespace einthoven::plot
