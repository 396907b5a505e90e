// Where every lead of an ECG print lies on its page: geometry only, in millimetres.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/plot/canvas.h"
#include "einthoven/signal/recording.h"

namespace einthoven::plot {

/// Rows x columns of the twelve leads; columns follow each other in time, as on paper printouts.
enum class EcgLayout { three_by_four, six_by_two, twelve_by_one };

/// "3x4", "6x2" or "12x1"; usage error otherwise.
EcgLayout parse_layout(std::string_view text);

/// Scales of an electrocardiograph and the part of the recording to print.
struct EcgPageOptions {
  EcgLayout layout = EcgLayout::three_by_four;
  std::vector<std::string> rhythm_leads = {"II"};  ///< full-length strips below a 3x4 or 6x2 print
  double start_s = 0;
  double seconds = 0;  ///< 0: ten, or what is left of the recording
  double speed_mm_s = 25;
  double gain_mm_mv = 10;
  bool title = false;  ///< leave room for one above the paper
};

/// One stretch of one lead.
struct EcgPanel {
  std::string lead;
  std::optional<std::size_t> lead_index;  ///< in the recording; nothing if the lead is missing
  double x_mm = 0;                        ///< of from_s
  double baseline_mm = 0;                 ///< y of 0 mV
  double from_s = 0;                      ///< in the recording
  double to_s = 0;
};

struct EcgPage {
  double width_mm = 0;
  double height_mm = 0;
  Box paper;          ///< millimetre grid, a whole number of 5 mm squares
  double row_mm = 0;  ///< distance of base lines
  double start_s = 0;
  double seconds = 0;
  std::vector<EcgPanel> panels;
  std::vector<Point> pulses;  ///< lower left corners of the calibration pulses, 5 mm x 1 mV
  double speed_mm_s = 25;
  double gain_mm_mv = 10;

  double x_of(const EcgPanel& panel, double time_s) const {
    return panel.x_mm + (time_s - panel.from_s) * speed_mm_s;
  }
  double y_of(const EcgPanel& panel, double millivolts) const {
    return panel.baseline_mm - millivolts * gain_mm_mv;
  }
};

/// A recording with other leads than the standard twelve is printed one lead a row. Usage error for
/// a start behind the end, a stretch under 0.2 s or over 120 s, or scales that are not positive.
EcgPage lay_out(const signal::Recording& recording, const EcgPageOptions& options);

}  // namespace einthoven::plot
