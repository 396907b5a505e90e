#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/plot/html_report.h"

using namespace einthoven;
using namespace einthoven::plot;

TEST_CASE("report: base64 as in RFC 4648") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xFF\xFE\xFD") == "//79");
}

TEST_CASE("report: every text is escaped") {
  const std::string html = HtmlReport("a <b> & \"c\"")
                               .section("<script>")
                               .paragraph("1 < 2")
                               .code("x > 'y'")
                               .table({{"<i>"}, {{"&amp;"}}, ""})
                               .picture("<svg/>", PictureFormat::svg, "<cap>", "\"alt\"")
                               .html();
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>") != std::string::npos);
  CHECK(html.find("&amp;amp;") != std::string::npos);
  CHECK(html.find("alt=\"&quot;alt&quot;\"") != std::string::npos);
  CHECK(html.find("data:image/svg+xml;base64,PHN2Zy8+") != std::string::npos);
  CHECK(html.find("x &gt; &#39;y&#39;") != std::string::npos);
}

TEST_CASE("report: the contents link to the sections, nothing is loaded from elsewhere") {
  const std::string html = HtmlReport("r").section("Data").section("Metrics").html();
  CHECK(html.find("<a href=\"#s2\">Metrics</a>") != std::string::npos);
  CHECK(html.find("<h2 id=\"s2\">Metrics</h2>") != std::string::npos);
  CHECK(html.find("http") == std::string::npos);
  CHECK(html.find("<script") == std::string::npos);
}

TEST_CASE("report: columns of numbers are aligned to the right") {
  const std::string html =
      HtmlReport("r")
          .table({{"label", "AUROC"}, {{"AF", "0.91 [0.88, 0.93]"}, {"SB", "nan"}}, ""})
          .html();
  CHECK(html.find("<td class=\"number\">0.91 [0.88, 0.93]</td>") != std::string::npos);
  CHECK(html.find("<td>AF</td>") != std::string::npos);
}

TEST_CASE("report: faulty parts are refused") {
  HtmlReport report("r");
  CHECK_THROWS_AS(report.table({{"a", "b"}, {{"1"}}, ""}), Error);
  CHECK_THROWS_AS(report.picture("%PDF", PictureFormat::pdf, "", ""), Error);
}
