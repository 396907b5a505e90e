#include "einthoven/corpus/fairseq_meta.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "einthoven/base/strings.h"

namespace einthoven::corpus {
namespace {

const char* python_bool(bool value) { return value ? "True" : "False"; }

/// NaN is a missing value.
std::string float_cell(double value) { return std::isnan(value) ? "" : python_float(value); }

/// Names of the columns that hold at least one value, in alphabetical order of the keys.
std::vector<std::string> field_keys(const std::vector<MetaRow>& rows) {
  std::set<std::string> keys;
  for (const MetaRow& row : rows)
    for (const auto& [key, value] : row.fields)
      if (!value.empty()) keys.insert(key);
  return {keys.begin(), keys.end()};
}

std::string column_name(const std::string& key) {
  if (key == "Age") return "age";
  if (key == "Dx") return "diagnosis";
  if (key == "Sex") return "sex";
  return key;
}

std::string field_cell(const MetaRow& row, const std::string& key) {
  for (const auto& [name, value] : row.fields)
    if (name == key) return key == "Sex" ? sex_code(value) : value;
  return {};
}

/// The one unit of all signals of all recordings in lower case, or nothing if there are several.
std::string common_unit(const std::vector<MetaRow>& rows) {
  std::set<std::string> units;
  for (const MetaRow& row : rows)
    for (const std::string& unit : row.units) units.insert(lower(unit));
  return units.size() == 1 ? *units.begin() : std::string();
}

std::string header(const LeadSelection& leads, const std::vector<std::string>& keys) {
  std::vector<std::string> columns = {
      "idx",           "path",       "dataset",       "save_file",   "source",
      "save_path",     "lead_order", "sample_rate",   "sample_size", "units",
      "avail_leads",   "nan_any",    "nan_leads_any", "nan_leads",   "constant_leads_any",
      "constant_leads"};
  for (const char* statistic : {"mean", "std"})
    for (std::size_t l = 0; l < leads.names.size(); ++l)
      columns.push_back(fmt::format("{}_{}", statistic, l));
  for (const std::string& key : keys) columns.push_back(column_name(key));
  return csv_line(columns);
}

}  // namespace

std::string python_list(const std::vector<std::string>& items) {
  std::string text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    const char quote = items[i].find('\'') == std::string::npos ? '\'' : '"';
    text += fmt::format("{}{}{}{}", i > 0 ? ", " : "", quote, items[i], quote);
  }
  return text + "]";
}

std::string quality_cells(const Extract& extract, const LeadSelection& leads) {
  bool any_nan = false;
  std::vector<std::string> empty, flat;
  std::string means, deviations;
  for (std::size_t l = 0; l < extract.leads(); ++l) {
    const auto lead = extract.lead(l);
    const auto missing = std::count_if(lead.begin(), lead.end(), [](double x) { return x != x; });
    const auto moments = signal::moments(lead, extract.summation);
    any_nan = any_nan || missing > 0;
    if (missing == extract.length) empty.push_back(leads.names[l]);
    if (signal::equals_mean(lead, moments.mean)) flat.push_back(leads.names[l]);
    means += ',' + float_cell(moments.mean);
    deviations += ',' + float_cell(moments.deviation);
  }
  return fmt::format("{},{},{},{},{},{}{}{}", csv_cell(python_list(extract.available)),
                     python_bool(any_nan), python_bool(!empty.empty()),
                     csv_cell(python_list(empty)), python_bool(!flat.empty()),
                     csv_cell(python_list(flat)), means, deviations);
}

std::string meta_csv(const std::vector<MetaRow>& rows, const LeadSelection& leads) {
  const auto keys = field_keys(rows);
  const std::string unit = common_unit(rows);
  const std::string order = csv_cell(python_list(leads.names));
  const bool whole_rates = std::all_of(rows.begin(), rows.end(), [](const MetaRow& row) {
    return row.sample_rate == std::floor(row.sample_rate);
  });
  std::string text = header(leads, keys);
  for (const MetaRow& row : rows) {
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{}", row.idx, csv_cell(row.path), csv_cell(row.dataset),
        csv_cell(row.save_file), csv_cell(row.source), csv_cell(row.save_path), order,
        whole_rates ? fmt::format("{:.0f}", row.sample_rate) : python_float(row.sample_rate),
        row.sample_size, csv_cell(unit.empty() ? python_list(row.units) : unit), row.quality);
    for (const std::string& key : keys) text += ',' + csv_cell(field_cell(row, key));
    text += '\n';
  }
  return text;
}

std::string segmented_csv(std::vector<SegmentRow> rows, std::int64_t segment_samples) {
  std::sort(rows.begin(), rows.end(), [](const SegmentRow& a, const SegmentRow& b) {
    if (a.path.empty() != b.path.empty()) return b.path.empty();
    return a.path < b.path;
  });
  std::string text = "path,save_file,sample_size\n";
  for (const SegmentRow& row : rows)
    text += fmt::format("{},{},{}\n", csv_cell(row.path), csv_cell(row.save_file), segment_samples);
  return text;
}

}  // namespace einthoven::corpus
