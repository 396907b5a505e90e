#include "einthoven/plot/html_report.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"

namespace einthoven::plot {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { line-height: 1.2; }
h2 { margin-top: 2.2em; border-bottom: 1px solid #8886; padding-bottom: .2em; }
nav ul { columns: 2; }
figure { margin: 1.2em 0; }
figure img { max-width: 100%; height: auto; background: #fff; border: 1px solid #8884; }
figcaption, caption { color: #777; font-size: .9em; text-align: left; padding: .3em 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25em .8em; border-bottom: 1px solid #8884; text-align: left; }
td:first-child { min-width: 14em; }
td:first-child, td:last-child { overflow-wrap: anywhere; }
th { border-bottom: 2px solid #8888; }
.number { text-align: right; }
pre { background: #8881; padding: .8em 1em; overflow-x: auto; font-size: .85em; }
@media print { body { max-width: none; margin: 0; font-size: 10pt; }
  figure, table, pre { break-inside: avoid; } pre { white-space: pre-wrap; } nav { display: none; } }
)";

bool looks_numeric(std::string_view cell) {
  return cell.find_first_not_of("0123456789.,+-eE%[]() \u2013\u00B1") == std::string_view::npos ||
         cell == "nan" || cell == "inf";
}

std::vector<bool> numeric_columns(const ReportTable& table) {
  std::vector<bool> numeric(table.columns.size(), !table.rows.empty());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) numeric[i] = numeric[i] && looks_numeric(row[i]);
  return numeric;
}

std::string table_row(const std::vector<std::string>& cells, const std::vector<bool>& numeric,
                      std::string_view tag) {
  std::string html = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i)
    html += fmt::format("<{0}{1}>{2}</{0}>", tag, numeric[i] ? " class=\"number\"" : "",
                        html_escape(cells[i]));
  return html + "</tr>\n";
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&') {
      html += "&amp;";
    } else if (c == '<') {
      html += "&lt;";
    } else if (c == '>') {
      html += "&gt;";
    } else if (c == '"') {
      html += "&quot;";
    } else if (c == '\'') {
      html += "&#39;";
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
      html += c;
    }
  }
  return html;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t got = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < got ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= got ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

HtmlReport::HtmlReport(std::string_view title) : title_(title) {}

HtmlReport& HtmlReport::section(std::string_view heading) {
  sections_.emplace_back(heading);
  body_ += fmt::format("<h2 id=\"s{}\">{}</h2>\n", sections_.size(), html_escape(heading));
  return *this;
}

HtmlReport& HtmlReport::paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", html_escape(text));
  return *this;
}

HtmlReport& HtmlReport::code(std::string_view text) {
  body_ += fmt::format("<pre>{}</pre>\n", html_escape(text));
  return *this;
}

HtmlReport& HtmlReport::table(const ReportTable& table) {
  for (const auto& row : table.rows)
    if (row.size() != table.columns.size())
      throw usage_error(fmt::format("report: table: got a row of {} cells, want {}", row.size(),
                                    table.columns.size()));
  const std::vector<bool> numeric = numeric_columns(table);
  body_ += "<div class=\"wide\"><table>\n";
  if (!table.caption.empty())
    body_ += fmt::format("<caption>{}</caption>\n", html_escape(table.caption));
  body_ += "<thead>" + table_row(table.columns, numeric, "th") + "</thead>\n<tbody>\n";
  for (const auto& row : table.rows) body_ += table_row(row, numeric, "td");
  body_ += "</tbody>\n</table></div>\n";
  return *this;
}

HtmlReport& HtmlReport::picture(std::string_view bytes, PictureFormat format,
                                std::string_view caption, std::string_view alternative) {
  if (format == PictureFormat::pdf) throw usage_error("report: picture: want PNG or SVG, got PDF");
  const std::string_view type = format == PictureFormat::png ? "image/png" : "image/svg+xml";
  body_ += fmt::format(
      "<figure><img alt=\"{}\" src=\"data:{};base64,{}\">\n<figcaption>{}</figcaption></figure>\n",
      html_escape(alternative), type, base64(bytes), html_escape(caption));
  return *this;
}

std::string HtmlReport::html() const {
  std::string contents;
  for (std::size_t i = 0; i < sections_.size(); ++i)
    contents += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", i + 1, html_escape(sections_[i]));
  const std::string title = html_escape(title_);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         title + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<h1>" +
         title + "</h1>\n<nav><ul>\n" + contents + "</ul></nav>\n" + body_ + "</body>\n</html>\n";
}

void HtmlReport::save(const fs::path& path) const { write_file_atomically(path, html()); }

}  // namespace einthoven::plot
