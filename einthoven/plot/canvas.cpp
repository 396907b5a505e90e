#include "einthoven/plot/canvas.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <fmt/core.h>
#include <zlib.h>

#include <cmath>
#include <numbers>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::plot {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;
constexpr double kMaxPixels = 32767;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS)
    throw internal_error(std::string("cairo: ") + cairo_status_to_string(status));
}

void check_size(double width_mm, double height_mm, double dpi, PictureFormat format) {
  const bool sound = std::isfinite(width_mm) && std::isfinite(height_mm) && width_mm > 0 &&
                     height_mm > 0 && dpi > 0 && std::isfinite(dpi);
  const double pixels = std::max(width_mm, height_mm) * dpi / 25.4;
  if (!sound || (format == PictureFormat::png && pixels > kMaxPixels))
    throw usage_error(fmt::format("picture: size: cannot draw {:.0f} x {:.0f} mm at {} dpi",
                                  width_mm, height_mm, dpi),
                      "choose fewer seconds, a lower --dpi, or a .svg or .pdf file");
}

/// Puts a pHYs chunk behind IHDR, so that the picture prints at its true size.
void insert_resolution(std::string& png, double dpi) {
  constexpr std::size_t kBehindHeader = 33;  // signature 8, IHDR 25
  const auto per_metre = static_cast<std::uint32_t>(std::lround(dpi / 0.0254));
  ByteWriter chunk;
  chunk.text("pHYs");
  chunk.write(per_metre, std::endian::big);
  chunk.write(per_metre, std::endian::big);
  chunk.write(std::uint8_t{1});  // the unit is the metre
  const uLong check_sum =
      crc32(0, reinterpret_cast<const Bytef*>(chunk.str().data()), static_cast<uInt>(chunk.size()));
  ByteWriter framed;
  framed.write(static_cast<std::uint32_t>(chunk.size() - 4), std::endian::big);
  framed.text(chunk.str());
  framed.write(static_cast<std::uint32_t>(check_sum), std::endian::big);
  png.insert(kBehindHeader, framed.str());
}

/// Cairo numbers its surfaces through the whole process; the same picture shall be the same bytes.
void drop_surface_number(std::string& svg) {
  constexpr std::string_view kGroup = "<g id=\"surface";
  const std::size_t start = svg.find(kGroup);
  if (start == std::string::npos) return;
  const std::size_t digits = start + kGroup.size();
  svg.erase(digits, svg.find('"', digits) - digits);
}

std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return clean;
}

}  // namespace

/// Cairo's objects, with user space in millimetres.
struct Canvas::Surface {
  PictureFormat format;
  double dots_per_inch;
  std::string bytes;
  cairo_surface_t* surface = nullptr;
  cairo_t* context = nullptr;

  Surface(double width_mm, double height_mm, PictureFormat wanted, double dpi)
      : format(wanted), dots_per_inch(dpi) {
    double scale = 1;
    if (format == PictureFormat::png) {
      scale = dpi / 25.4;
      surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                           static_cast<int>(std::ceil(width_mm * scale - 1e-6)),
                                           static_cast<int>(std::ceil(height_mm * scale - 1e-6)));
    } else if (format == PictureFormat::svg) {
      surface = cairo_svg_surface_create_for_stream(append, &bytes, width_mm, height_mm);
      cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_MM);
    } else {
      scale = kPointsPerMm;
      surface =
          cairo_pdf_surface_create_for_stream(append, &bytes, width_mm * scale, height_mm * scale);
      // The same picture gives the same bytes: no time of creation.
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01");
    }
    check(cairo_surface_status(surface));
    context = cairo_create(surface);
    check(cairo_status(context));
    cairo_scale(context, scale, scale);
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
  }
  ~Surface() {
    if (context != nullptr) cairo_destroy(context);
    if (surface != nullptr) cairo_surface_destroy(surface);
  }
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;

  void set(const Stroke& stroke) const {
    const auto& [red, green, blue] = stroke.colour;
    cairo_set_source_rgb(context, red, green, blue);
    cairo_set_line_width(context, stroke.width_mm);
    cairo_set_line_cap(context, stroke.dash_mm > 0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(context, &stroke.dash_mm, stroke.dash_mm > 0 ? 1 : 0, 0);
  }
  void set(const TextStyle& style) const {
    cairo_set_source_rgb(context, style.colour.red, style.colour.green, style.colour.blue);
    cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(context, style.size_mm);
  }
};

PictureFormat picture_format(const fs::path& path) {
  const std::string extension = lower(path.extension().string());
  if (extension == ".png") return PictureFormat::png;
  if (extension == ".svg") return PictureFormat::svg;
  if (extension == ".pdf") return PictureFormat::pdf;
  throw usage_error(
      fmt::format("{}: extension: no picture format (got \"{}\", want .png, .svg or "
                  ".pdf)",
                  path.string(), extension));
}

Colour blend(const Colour& a, const Colour& b, double share) {
  return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share,
          a.blue + (b.blue - a.blue) * share};
}

Canvas::Canvas(double width_mm, double height_mm, PictureFormat format, double dpi)
    : width_mm_(width_mm), height_mm_(height_mm) {
  check_size(width_mm, height_mm, dpi, format);
  surface_ = std::make_unique<Surface>(width_mm, height_mm, format, dpi);
  cairo_set_source_rgb(surface_->context, 1, 1, 1);
  cairo_paint(surface_->context);
}

Canvas::~Canvas() = default;

void Canvas::line(Point from, Point to, const Stroke& stroke) {
  const Point points[] = {from, to};
  polyline(points, stroke);
}

void Canvas::polyline(std::span<const Point> points, const Stroke& stroke) {
  cairo_t* context = surface_->context;
  surface_->set(stroke);
  const auto is_gap = [&](std::size_t i) {
    return i >= points.size() || std::isnan(points[i].x) || std::isnan(points[i].y);
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (is_gap(i)) continue;
    const bool starts = i == 0 || is_gap(i - 1);
    if (starts) cairo_move_to(context, points[i].x, points[i].y);
    // A point between two gaps becomes a dot.
    if (!starts || is_gap(i + 1)) cairo_line_to(context, points[i].x, points[i].y);
  }
  cairo_stroke(context);
}

void Canvas::rectangle(const Box& box, const Stroke& stroke) {
  surface_->set(stroke);
  cairo_rectangle(surface_->context, box.x, box.y, box.width, box.height);
  cairo_stroke(surface_->context);
}

void Canvas::fill(const Box& box, const Colour& colour, double opacity) {
  cairo_set_source_rgba(surface_->context, colour.red, colour.green, colour.blue, opacity);
  cairo_rectangle(surface_->context, box.x, box.y, box.width, box.height);
  cairo_fill(surface_->context);
}

void Canvas::fill_polygon(std::span<const Point> points, const Colour& colour, double opacity) {
  if (points.empty()) return;
  cairo_set_source_rgba(surface_->context, colour.red, colour.green, colour.blue, opacity);
  cairo_move_to(surface_->context, points[0].x, points[0].y);
  for (const Point& point : points.subspan(1)) cairo_line_to(surface_->context, point.x, point.y);
  cairo_close_path(surface_->context);
  cairo_fill(surface_->context);
}

double Canvas::text_width(std::string_view utf8, const TextStyle& style) {
  surface_->set(style);
  cairo_text_extents_t extents;
  cairo_text_extents(surface_->context, printable(utf8).c_str(), &extents);
  return extents.x_advance;
}

void Canvas::text(Point at, std::string_view utf8, const TextStyle& style) {
  const double width = text_width(utf8, style);
  const double shift = style.anchor == Anchor::left     ? 0
                       : style.anchor == Anchor::centre ? width / 2
                                                        : width;
  cairo_save(surface_->context);
  cairo_translate(surface_->context, at.x, at.y);
  cairo_rotate(surface_->context, style.turn_degrees * std::numbers::pi / 180);
  cairo_move_to(surface_->context, -shift, 0);
  cairo_show_text(surface_->context, printable(utf8).c_str());
  cairo_restore(surface_->context);
}

void Canvas::clip(const Box& box) {
  cairo_save(surface_->context);
  cairo_rectangle(surface_->context, box.x, box.y, box.width, box.height);
  cairo_clip(surface_->context);
}

void Canvas::unclip() { cairo_restore(surface_->context); }

std::string Canvas::finish() {
  check(cairo_status(surface_->context));
  if (surface_->format == PictureFormat::png) {
    check(cairo_surface_write_to_png_stream(surface_->surface, append, &surface_->bytes));
    insert_resolution(surface_->bytes, surface_->dots_per_inch);
  }
  cairo_surface_finish(surface_->surface);
  check(cairo_surface_status(surface_->surface));
  if (surface_->format == PictureFormat::svg) drop_surface_number(surface_->bytes);
  return std::move(surface_->bytes);
}

void Canvas::save(const fs::path& path) { write_file_atomically(path, finish()); }

}  // namespace einthoven::plot
