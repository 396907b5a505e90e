#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/plot/canvas.h"
#include "picture.h"

using namespace einthoven;
using namespace einthoven::plot;

TEST_CASE("canvas: one millimetre is dpi / 25.4 pixels") {
  Canvas canvas(50, 20, PictureFormat::png, 254);
  canvas.fill({10, 5, 20, 10}, kBlack);
  const std::string png = canvas.finish();
  const Pixels pixels(png);
  REQUIRE(pixels.valid());
  CHECK(pixels.width() == 500);
  CHECK(pixels.height() == 200);
  CHECK(pixels.at(99, 100) == 0xFFFFFF);
  CHECK(pixels.at(100, 100) == 0);
  CHECK(pixels.at(299, 50) == 0);
  CHECK(pixels.at(300, 50) == 0xFFFFFF);
  const std::string resolution("pHYs\0\0\x27\x10\0\0\x27\x10\x01", 13);  // 10000 pixels a metre
  CHECK(png.find(resolution) == 37);
}

TEST_CASE("canvas: SVG and PDF are as large as asked, in true units") {
  Canvas svg(297, 210, PictureFormat::svg);
  svg.line({0, 0}, {297, 210}, {});
  const std::string text = svg.finish();
  CHECK(text.find("width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297 210\"") != std::string::npos);
  Canvas pdf(254, 127, PictureFormat::pdf);
  CHECK(pdf.finish().find("/MediaBox [ 0 0 720 360 ]") != std::string::npos);
}

TEST_CASE("canvas: the same drawing gives the same bytes") {
  for (const PictureFormat format : {PictureFormat::png, PictureFormat::svg, PictureFormat::pdf}) {
    const auto draw = [format] {
      Canvas canvas(30, 30, format);
      canvas.text({5, 10}, "aVR \xC2\xB5V", {3, kBlack, Anchor::left, true, 0});
      return canvas.finish();
    };
    CHECK(draw() == draw());
  }
}

TEST_CASE("canvas: a NaN breaks a line, clipping hides what is outside") {
  Canvas canvas(40, 10, PictureFormat::png, 254);
  const Point points[] = {{2, 5}, {10, 5}, {15, NAN}, {20, 5}, {38, 5}};
  canvas.clip({0, 0, 30, 10});
  canvas.polyline(points, {kBlack, 1, 0});
  canvas.unclip();
  const Pixels pixels(canvas.finish());
  CHECK(pixels.at(60, 50) == 0);
  CHECK(pixels.at(150, 50) == 0xFFFFFF);
  CHECK(pixels.at(250, 50) == 0);
  CHECK(pixels.at(350, 50) == 0xFFFFFF);
}

TEST_CASE("canvas: impossible pictures are refused") {
  CHECK_THROWS_AS(Canvas(0, 10, PictureFormat::svg), Error);
  CHECK_THROWS_AS(Canvas(1e6, 10, PictureFormat::png, 150), Error);
  CHECK_THROWS_AS(Canvas(10, 10, PictureFormat::png, NAN), Error);
  CHECK_THROWS_WITH_AS(picture_format("x.jpg"), doctest::Contains(".png, .svg or .pdf"), Error);
  CHECK(picture_format("a/b.PDF") == PictureFormat::pdf);
}

TEST_CASE("canvas: blend goes from one colour to the other") {
  const Colour middle = blend(rgb(0x0047AB), rgb(0xDC143C), 0.5);
  CHECK(middle.red == doctest::Approx(110 / 255.0));
  CHECK(middle.green == doctest::Approx(45.5 / 255.0));
  CHECK(middle.blue == doctest::Approx(115.5 / 255.0));
}
