#include "einthoven/plot/line_chart.h"

#include <fmt/core.h>

#include <array>
#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::plot {
namespace {

constexpr Stroke kFrame = {rgb(0x444444), 0.2, 0};
constexpr Stroke kGrid = {rgb(0xE2E2E2), 0.15, 0};
constexpr TextStyle kTickText = {2.6, rgb(0x333333), Anchor::centre, false, 0};
constexpr double kLine = 0.45;

void check(const LineChart& chart) {
  for (const Series& series : chart.series) {
    const std::size_t n = series.x.size();
    const bool band = !series.low.empty() || !series.high.empty();
    if (series.y.size() != n || (band && (series.low.size() != n || series.high.size() != n)))
      throw usage_error(
          fmt::format("chart: series \"{}\": x, y and band differ in length", series.name));
  }
}

Range range_over(const LineChart& chart, bool of_y) {
  if (of_y && chart.y_range) return *chart.y_range;
  if (!of_y && chart.x_range) return *chart.x_range;
  std::vector<double> values;
  for (const Series& series : chart.series) {
    const auto append = [&](const std::vector<double>& more) {
      values.insert(values.end(), more.begin(), more.end());
    };
    if (!of_y) append(series.x);
    if (of_y) append(series.y), append(series.low), append(series.high);
  }
  return range_of(values, of_y && chart.log_y);
}

/// Draws a chart whose left margin fits its tick labels.
class ChartPainter {
 public:
  ChartPainter(Canvas& canvas, const LineChart& chart)
      : canvas_(canvas), chart_(chart), x_(range_over(chart, false)), y_(range_over(chart, true)) {
    y_ticks_ = chart.log_y ? log_ticks(y_) : linear_ticks(y_, 6);
    double widest = 0;
    for (const Tick& tick : y_ticks_)
      widest = std::max(widest, canvas.text_width(tick.label, kTickText));
    const double left = 9 + widest;
    const double top = chart.title.empty() ? 4 : 10;
    plot_ = {left, top, chart.width_mm - left - 5, chart.height_mm - top - 12};
  }

  void paint() {
    paint_axes();
    canvas_.clip(plot_);
    for (std::size_t i = 0; i < chart_.series.size(); ++i) paint_band(chart_.series[i], i);
    for (std::size_t i = 0; i < chart_.series.size(); ++i) paint_series(chart_.series[i], i);
    canvas_.unclip();
    canvas_.rectangle(plot_, kFrame);
    paint_legend();
  }

 private:
  double x_of(double value) const {
    return plot_.x + plot_.width * (value - x_.low) / (x_.high - x_.low);
  }
  double y_of(double value) const {
    if (chart_.log_y && value <= 0) return NAN;
    const double share = chart_.log_y ? std::log(value / y_.low) / std::log(y_.high / y_.low)
                                      : (value - y_.low) / (y_.high - y_.low);
    return plot_.y + plot_.height * (1 - share);
  }

  void paint_axes() {
    const double bottom = plot_.y + plot_.height;
    for (const Tick& tick : linear_ticks(x_, 8)) {
      const double x = x_of(tick.value);
      canvas_.line({x, plot_.y}, {x, bottom}, kGrid);
      canvas_.line({x, bottom}, {x, bottom + 1}, kFrame);
      canvas_.text({x, bottom + 4}, tick.label, kTickText);
    }
    TextStyle right = kTickText;
    right.anchor = Anchor::right;
    for (const Tick& tick : y_ticks_) {
      const double y = y_of(tick.value);
      canvas_.line({plot_.x, y}, {plot_.x + plot_.width, y}, kGrid);
      canvas_.line({plot_.x - 1, y}, {plot_.x, y}, kFrame);
      canvas_.text({plot_.x - 1.8, y + 0.9}, tick.label, right);
    }
    TextStyle name = {2.9, kBlack, Anchor::centre, false, 0};
    canvas_.text({plot_.x + plot_.width / 2, bottom + 9}, chart_.x_label, name);
    name.turn_degrees = -90;
    canvas_.text({4, plot_.y + plot_.height / 2}, chart_.y_label, name);
    canvas_.text({plot_.x, 6.5}, chart_.title, {3.6, kBlack, Anchor::left, true, 0});
  }

  void paint_band(const Series& series, std::size_t index) {
    if (series.low.empty()) return;
    std::vector<Point> outline;
    for (std::size_t i = 0; i < series.x.size(); ++i)
      outline.push_back({x_of(series.x[i]), y_of(series.low[i])});
    for (std::size_t i = series.x.size(); i-- > 0;)
      outline.push_back({x_of(series.x[i]), y_of(series.high[i])});
    std::erase_if(outline, [](const Point& point) { return std::isnan(point.x + point.y); });
    canvas_.fill_polygon(outline, series_colour(index), 0.18);
  }

  void paint_series(const Series& series, std::size_t index) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < series.x.size(); ++i)
      points.push_back({x_of(series.x[i]), y_of(series.y[i])});
    canvas_.polyline(points, {series_colour(index), kLine, series.dashed ? 1.5 : 0.0});
    if (points.size() == 1)
      canvas_.fill({points[0].x - 0.7, points[0].y - 0.7, 1.4, 1.4}, series_colour(index));
  }

  /// In the corner that has the fewest points under it.
  void paint_legend() {
    double widest = 0;
    for (const Series& series : chart_.series)
      widest = std::max(widest, canvas_.text_width(series.name, kTickText));
    if (widest == 0) return;
    const double width = widest + 11;
    const double height = 4.2 * static_cast<double>(chart_.series.size()) + 1.6;
    const Box box = emptiest_corner(width, height);
    canvas_.fill(box, kWhite, 0.8);
    TextStyle left = kTickText;
    left.anchor = Anchor::left;
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      const double y = box.y + 3.6 + 4.2 * static_cast<double>(i);
      const Stroke stroke = {series_colour(i), kLine, chart_.series[i].dashed ? 1.5 : 0.0};
      canvas_.line({box.x + 1.5, y - 0.9}, {box.x + 7.5, y - 0.9}, stroke);
      canvas_.text({box.x + 9, y}, chart_.series[i].name, left);
    }
  }

  Box emptiest_corner(double width, double height) const {
    const double right = plot_.x + plot_.width - width - 1.5;
    const double bottom = plot_.y + plot_.height - height - 1.5;
    const std::array<Box, 4> corners = {Box{right, plot_.y + 1.5, width, height},
                                        Box{right, bottom, width, height},
                                        Box{plot_.x + 1.5, plot_.y + 1.5, width, height},
                                        Box{plot_.x + 1.5, bottom, width, height}};
    Box best = corners[0];
    std::size_t fewest = SIZE_MAX;
    for (const Box& box : corners) {
      const std::size_t hidden = points_in(box);
      if (hidden < fewest) best = box;
      fewest = std::min(fewest, hidden);
    }
    return best;
  }

  std::size_t points_in(const Box& box) const {
    std::size_t count = 0;
    for (const Series& series : chart_.series)
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        const double x = x_of(series.x[i]);
        const double y = y_of(series.y[i]);
        count += x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
      }
    return count;
  }

  Canvas& canvas_;
  const LineChart& chart_;
  Range x_;
  Range y_;
  std::vector<Tick> y_ticks_;
  Box plot_;
};

}  // namespace

Colour series_colour(std::size_t index) {
  constexpr std::array<Colour, 7> kColours = {rgb(0x0072B2), rgb(0xD55E00), rgb(0x009E73),
                                              rgb(0xCC79A7), rgb(0xE69F00), rgb(0x56B4E9),
                                              rgb(0x333333)};
  return kColours[index % kColours.size()];
}

std::string draw_line_chart(const LineChart& chart, PictureFormat format, double dpi) {
  check(chart);
  Canvas canvas(chart.width_mm, chart.height_mm, format, dpi);
  ChartPainter(canvas, chart).paint();
  return canvas.finish();
}

}  // namespace einthoven::plot
