// A drawing surface in millimetres whose result is a PNG, SVG or PDF picture.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"

namespace einthoven::plot {

enum class PictureFormat { png, svg, pdf };

/// By extension, in any case; usage error for another one.
PictureFormat picture_format(const fs::path& path);

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

/// 0xRRGGBB.
constexpr Colour rgb(unsigned hex) {
  return {((hex >> 16) & 0xFF) / 255.0, ((hex >> 8) & 0xFF) / 255.0, (hex & 0xFF) / 255.0};
}
/// `share` 0: a, 1: b, linear in between.
Colour blend(const Colour& a, const Colour& b, double share);

inline constexpr Colour kBlack = rgb(0x000000);
inline constexpr Colour kWhite = rgb(0xFFFFFF);

struct Point {
  double x = 0;
  double y = 0;
};

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

struct Stroke {
  Colour colour = kBlack;
  double width_mm = 0.2;
  double dash_mm = 0;  ///< 0: solid
};

/// Where the given point lies on the text.
enum class Anchor { left, centre, right };

struct TextStyle {
  double size_mm = 2.8;  ///< height of the font
  Colour colour = kBlack;
  Anchor anchor = Anchor::left;
  bool bold = false;
  double turn_degrees = 0;  ///< clockwise
};

/// All coordinates are millimetres from the upper left corner, y downwards. One millimetre is
/// exactly that in SVG and PDF, and dpi / 25.4 pixels in PNG.
class Canvas {
 public:
  /// A white page. Usage error for a size that is not finite and positive or that gives a picture
  /// of more than 32767 pixels a side (PNG only).
  Canvas(double width_mm, double height_mm, PictureFormat format, double dpi = 150);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  double width_mm() const { return width_mm_; }
  double height_mm() const { return height_mm_; }

  void line(Point from, Point to, const Stroke& stroke);
  /// One stroke through all points with round joins; a point with a NaN breaks it.
  void polyline(std::span<const Point> points, const Stroke& stroke);
  void rectangle(const Box& box, const Stroke& stroke);
  void fill(const Box& box, const Colour& colour, double opacity = 1);
  void fill_polygon(std::span<const Point> points, const Colour& colour, double opacity = 1);
  /// `at` is on the base line. Control characters are drawn as blanks.
  void text(Point at, std::string_view utf8, const TextStyle& style = {});
  double text_width(std::string_view utf8, const TextStyle& style = {});
  /// Draws nothing outside the box until unclip().
  void clip(const Box& box);
  void unclip();

  /// Ends the drawing and gives the picture's bytes; no drawing after that.
  std::string finish();
  /// finish() into a file that appears complete or not at all.
  void save(const fs::path& path);

 private:
  struct Surface;
  double width_mm_;
  double height_mm_;
  std::unique_ptr<Surface> surface_;
};

}  // namespace einthoven::plot
