// Reads what the drawing functions made: pixels of a PNG, path points of an SVG.
#pragma once

#include <cairo.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace einthoven::plot {

class Pixels {
 public:
  explicit Pixels(const std::string& png) : rest_(png) {
    surface_ = cairo_image_surface_create_from_png_stream(read, this);
  }
  ~Pixels() { cairo_surface_destroy(surface_); }
  Pixels(const Pixels&) = delete;
  Pixels& operator=(const Pixels&) = delete;

  bool valid() const { return cairo_surface_status(surface_) == CAIRO_STATUS_SUCCESS; }
  int width() const { return cairo_image_surface_get_width(surface_); }
  int height() const { return cairo_image_surface_get_height(surface_); }
  /// 0xRRGGBB.
  std::uint32_t at(int x, int y) const {
    std::uint32_t pixel = 0;
    std::memcpy(&pixel,
                cairo_image_surface_get_data(surface_) +
                    y * cairo_image_surface_get_stride(surface_) + 4 * x,
                4);
    return pixel & 0xFFFFFF;
  }

 private:
  static cairo_status_t read(void* self, unsigned char* data, unsigned int length) {
    std::string& rest = static_cast<Pixels*>(self)->rest_;
    if (rest.size() < length) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(data, rest.data(), length);
    rest.erase(0, length);
    return CAIRO_STATUS_SUCCESS;
  }
  std::string rest_;
  cairo_surface_t* surface_;
};

/// The points of every path of an SVG picture whose attributes contain `attribute`. Cairo rounds
/// them to 1/256 mm and leaves out points on a straight line.
inline std::vector<std::vector<std::pair<double, double>>> svg_paths(const std::string& svg,
                                                                     const std::string& attribute) {
  std::vector<std::vector<std::pair<double, double>>> paths;
  for (std::size_t at = svg.find("<path "); at != std::string::npos;
       at = svg.find("<path ", at + 1)) {
    const std::string element = svg.substr(at, svg.find("/>", at) - at);
    const std::size_t data = element.find(" d=\"");
    if (element.find(attribute) == std::string::npos || data == std::string::npos) continue;
    const char* cursor = element.c_str() + data + 4;
    auto& path = paths.emplace_back();
    while (*cursor != '"' && *cursor != '\0') {
      if (std::strchr("MLZ ", *cursor) != nullptr) {
        ++cursor;
        continue;
      }
      char* next = nullptr;
      const double x = std::strtod(cursor, &next);
      if (next == cursor) break;
      const double y = std::strtod(next, &next);
      path.emplace_back(x, y);
      cursor = next;
    }
  }
  return paths;
}

}  // namespace einthoven::plot
