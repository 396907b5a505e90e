// A report as one self-contained HTML page: no scripts, nothing loaded from elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/plot/canvas.h"

namespace einthoven::plot {

/// A table of text; columns whose cells are all numbers (also "0.91 [0.88, 0.93]") are aligned to
/// the right.
struct ReportTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::string caption = {};
};

/// Appends from top to bottom. Every text is escaped; pictures are embedded as data URIs. Readable
/// on light and dark screens and in print.
class HtmlReport {
 public:
  explicit HtmlReport(std::string_view title);

  /// A section; its heading appears in the list of contents.
  HtmlReport& section(std::string_view heading);
  HtmlReport& paragraph(std::string_view text);
  /// Preformatted text: commands, configurations.
  HtmlReport& code(std::string_view text);
  /// Usage error if a row has another number of cells than there are columns.
  HtmlReport& table(const ReportTable& table);
  /// Bytes of a PNG or SVG picture; usage error for a PDF. `alternative` is read to the blind.
  HtmlReport& picture(std::string_view bytes, PictureFormat format, std::string_view caption,
                      std::string_view alternative);

  std::string html() const;
  void save(const fs::path& path) const;

 private:
  std::string title_;
  std::vector<std::string> sections_;
  std::string body_;
};

/// Text that stands for itself in HTML: & < > " ' escaped, control characters dropped.
std::string html_escape(std::string_view text);
/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace einthoven::plot
