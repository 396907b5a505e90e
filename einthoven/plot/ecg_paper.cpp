#include "einthoven/plot/ecg_paper.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"

namespace einthoven::plot {
namespace {

constexpr Stroke kFineGrid = {rgb(0xF7D6D6), 0.1, 0};
constexpr Stroke kBoldGrid = {rgb(0xEBA6A6), 0.2, 0};
constexpr Stroke kInk = {rgb(0x101018), 0.28, 0};
constexpr Colour kQuiet = rgb(0x555555);
constexpr Colour kAlarm = rgb(0xC00000);
constexpr Colour kLowSaliency = rgb(0x0047AB);
constexpr Colour kHighSaliency = rgb(0xDC143C);
constexpr int kShades = 64;
constexpr double kLabelRise = 0.36;  // of a row, above the base line

void draw_grid(Canvas& canvas, const Box& paper) {
  const auto lines = [&](int step, const Stroke& stroke, bool every_fifth) {
    for (int mm = 0; mm <= std::lround(paper.width); mm += step)
      if (every_fifth || mm % 5 != 0)
        canvas.line({paper.x + mm, paper.y}, {paper.x + mm, paper.y + paper.height}, stroke);
    for (int mm = 0; mm <= std::lround(paper.height); mm += step)
      if (every_fifth || mm % 5 != 0)
        canvas.line({paper.x, paper.y + mm}, {paper.x + paper.width, paper.y + mm}, stroke);
  };
  lines(1, kFineGrid, false);
  lines(5, kBoldGrid, true);
}

/// A rectangle of 1 mV and 5 mm, whatever the speed.
void draw_pulse(Canvas& canvas, Point foot, double gain_mm_mv) {
  const double top = foot.y - gain_mm_mv;
  const Point pulse[] = {{foot.x - 1.25, foot.y}, {foot.x, foot.y},     {foot.x, top},
                         {foot.x + 5, top},       {foot.x + 5, foot.y}, {foot.x + 6.25, foot.y}};
  canvas.polyline(pulse, kInk);
}

float median_of(std::span<const float> values) {
  std::vector<float> valid;
  for (const float value : values)
    if (!std::isnan(value)) valid.push_back(value);
  if (valid.empty()) return std::nanf("");
  const auto middle = valid.begin() + static_cast<std::ptrdiff_t>(valid.size() / 2);
  std::nth_element(valid.begin(), middle, valid.end());
  return *middle;
}

/// Draws one recording on one page.
class EcgPrinter {
 public:
  EcgPrinter(Canvas& canvas, const signal::Recording& recording, const EcgPage& page,
             const EcgPlotOptions& options)
      : canvas_(canvas), recording_(recording), page_(page), options_(options) {
    std::tie(first_, count_) = shown_samples(recording, page);
    if (options.saliency.empty()) return;
    if (static_cast<std::int64_t>(options.saliency.size()) != count_)
      throw usage_error(fmt::format("plot: saliency: wrong length (got {} values, want {})",
                                    options.saliency.size(), count_));
    if (!std::ranges::all_of(options.saliency, [](float value) { return std::isfinite(value); }))
      throw usage_error("plot: saliency: holds values that are not finite");
    const auto [least, most] = std::ranges::minmax(options.saliency);
    least_ = least;
    most_ = most;
  }

  void print() {
    if (options_.grid) draw_grid(canvas_, page_.paper);
    for (const Point& foot : page_.pulses) draw_pulse(canvas_, foot, page_.gain_mm_mv);
    for (const EcgPanel& panel : page_.panels) print_lead_name(panel);
    for (const EcgPanel& panel : page_.panels) print_panel(panel);
    print_texts();
  }

 private:
  void print_panel(const EcgPanel& panel) {
    const float offset = offset_of(panel);
    const bool silent = !panel.lead_index || std::isnan(offset);
    if (panel.from_s > page_.start_s) {
      const double x = panel.x_mm;  // where one lead ends and the next begins
      canvas_.line({x, panel.baseline_mm - 6}, {x, panel.baseline_mm - 3}, kInk);
      canvas_.line({x, panel.baseline_mm + 3}, {x, panel.baseline_mm + 6}, kInk);
    }
    if (!silent) print_trace(panel, offset);
    if (!silent) return;
    const double end = page_.x_of(panel, panel.to_s);
    canvas_.line({panel.x_mm + 1, panel.baseline_mm}, {end - 1, panel.baseline_mm},
                 {kQuiet, 0.2, 1.5});
    print_label({panel.x_mm + 12, panel.baseline_mm - kLabelRise * page_.row_mm},
                panel.lead_index ? "no signal" : "lead missing",
                {2.8, kAlarm, Anchor::left, false, 0});
  }

  void print_lead_name(const EcgPanel& panel) {
    print_label({panel.x_mm + 1.5, panel.baseline_mm - kLabelRise * page_.row_mm}, panel.lead,
                {3.4, kBlack, Anchor::left, true, 0});
  }

  /// A label stays readable on the grid.
  void print_label(Point at, std::string_view text, const TextStyle& style) {
    const double width = canvas_.text_width(text, style);
    canvas_.fill({at.x - 0.4, at.y - 0.85 * style.size_mm, width + 0.8, style.size_mm * 1.1},
                 kWhite, 0.75);
    canvas_.text(at, text, style);
  }

  std::span<const float> shown(const EcgPanel& panel) const {
    return recording_.lead(*panel.lead_index)
        .subspan(static_cast<std::size_t>(first_), static_cast<std::size_t>(count_));
  }

  float offset_of(const EcgPanel& panel) const {
    if (!panel.lead_index) return 0;
    const float median = median_of(shown(panel));
    return options_.centre || std::isnan(median) ? median : 0;
  }

  void print_trace(const EcgPanel& panel, float offset) {
    const auto values = shown(panel);
    const double rate = recording_.rate_hz;
    const auto sample_at = [&](double time) {
      return std::clamp<std::int64_t>(std::llround(time * rate) - first_, 0, count_);
    };
    const std::int64_t from = sample_at(panel.from_s);
    const std::int64_t to = std::min(sample_at(panel.to_s) + 1, count_);
    std::vector<Point> points;
    for (std::int64_t i = from; i < to; ++i)
      points.push_back({page_.x_of(panel, static_cast<double>(first_ + i) / rate),
                        page_.y_of(panel, values[static_cast<std::size_t>(i)] - offset)});
    const Box room = room_of(panel);
    canvas_.clip(room);
    if (options_.saliency.empty()) {
      canvas_.polyline(points, kInk);
    } else {
      print_salient(points, from);
    }
    canvas_.unclip();
    mark_cuts(points, room);
  }

  /// A trace may reach into the rows above and below, not further and not off the paper.
  Box room_of(const EcgPanel& panel) const {
    const Box& paper = page_.paper;
    const double top = std::max(paper.y, panel.baseline_mm - 1.5 * page_.row_mm);
    const double bottom = std::min(paper.y + paper.height, panel.baseline_mm + 1.4 * page_.row_mm);
    return {panel.x_mm - 0.2, top, page_.x_of(panel, panel.to_s) - panel.x_mm + 0.4, bottom - top};
  }

  void mark_cuts(std::span<const Point> points, const Box& room) {
    double last_mark = -10;
    for (const Point& point : points) {
      const bool above = point.y < room.y;
      const bool below = point.y > room.y + room.height;
      if ((!above && !below) || point.x - last_mark < 6) continue;
      last_mark = point.x;
      const double edge = above ? room.y : room.y + room.height;
      const double inward = above ? 1.8 : -1.8;
      const Point triangle[] = {
          {point.x, edge}, {point.x - 1.1, edge + inward}, {point.x + 1.1, edge + inward}};
      canvas_.fill_polygon(triangle, kAlarm);
      cut_ = true;
    }
  }

  int shade(std::int64_t sample) const {
    const float range = most_ - least_;
    const float value = options_.saliency[static_cast<std::size_t>(sample)];
    return range > 0 ? static_cast<int>(std::lround((value - least_) / range * (kShades - 1))) : 0;
  }

  /// Runs of equal shade are one stroke; each starts where the last one ended.
  void print_salient(std::span<const Point> points, std::int64_t from) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= points.size(); ++i) {
      const int run = shade(from + static_cast<std::int64_t>(begin));
      if (i < points.size() && shade(from + static_cast<std::int64_t>(i)) == run) continue;
      const std::size_t end = std::min(i + 1, points.size());
      canvas_.polyline(points.subspan(begin, end - begin), {colour_of(run), 0.4, 0});
      begin = i;
    }
  }

  static Colour colour_of(int shade) {
    return blend(kLowSaliency, kHighSaliency, static_cast<double>(shade) / (kShades - 1));
  }

  void print_texts() {
    const TextStyle small = {2.6, kQuiet, Anchor::left, false, 0};
    const double y = page_.paper.y + page_.paper.height + 4.2;
    if (!options_.title.empty())
      canvas_.text({page_.paper.x, page_.paper.y - 3}, options_.title,
                   {4, kBlack, Anchor::left, true, 0});
    std::string scales = fmt::format("{:g} mm/s    {:g} mm/mV    {:g} Hz", page_.speed_mm_s,
                                     page_.gain_mm_mv, recording_.rate_hz);
    if (page_.start_s > 0) scales += fmt::format("    from {:g} s", page_.start_s);
    canvas_.text({page_.paper.x, y}, scales, small);
    if (cut_)
      canvas_.text({page_.paper.x + page_.paper.width, y}, "\u25B2 trace cut at the edge",
                   {2.6, kAlarm, Anchor::right, false, 0});
    if (!options_.saliency.empty()) print_scale({page_.paper.x + 0.45 * page_.paper.width, y});
  }

  void print_scale(Point at) {
    const TextStyle small = {2.6, kQuiet, Anchor::left, false, 0};
    const std::string low = options_.saliency_name + " low";
    canvas_.text(at, low, small);
    const double start = at.x + canvas_.text_width(low, small) + 1.5;
    for (int i = 0; i < kShades; ++i)
      canvas_.fill({start + 0.4 * i, at.y - 2, 0.4 * (kShades - i), 2}, colour_of(i));
    canvas_.text({start + 0.4 * kShades + 1.5, at.y}, "high", small);
  }

  Canvas& canvas_;
  const signal::Recording& recording_;
  const EcgPage& page_;
  const EcgPlotOptions& options_;
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
  float least_ = 0;
  float most_ = 0;
  bool cut_ = false;
};

}  // namespace

std::pair<std::int64_t, std::int64_t> shown_samples(const signal::Recording& recording,
                                                    const EcgPage& page) {
  const auto first =
      std::min<std::int64_t>(std::llround(page.start_s * recording.rate_hz), recording.length());
  const auto count = std::llround(page.seconds * recording.rate_hz);
  return {first, std::min<std::int64_t>(count, recording.length() - first)};
}

std::string draw_ecg(const signal::Recording& recording, const EcgPlotOptions& options,
                     PictureFormat format) {
  EcgPageOptions page_options = options.page;
  page_options.title = !options.title.empty();
  const EcgPage page = lay_out(recording, page_options);
  Canvas canvas(page.width_mm, page.height_mm, format, options.dpi);
  EcgPrinter(canvas, recording, page, options).print();
  return canvas.finish();
}

void plot_ecg(const signal::Recording& recording, const EcgPlotOptions& options,
              const fs::path& output) {
  write_file_atomically(output, draw_ecg(recording, options, picture_format(output)));
}

}  // namespace einthoven::plot
