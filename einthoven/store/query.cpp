#include "einthoven/store/query.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/signal/lead.h"
#include "einthoven/store/database.h"
#include "einthoven/store/schema.h"

namespace einthoven::store {
namespace {

/// A WHERE clause with its values, in the order of the placeholders.
class Conditions {
 public:
  void add(const std::string& sql, std::vector<std::string> values) {
    sql_ += (sql_.empty() ? " WHERE " : " AND ") + sql;
    values_.insert(values_.end(), values.begin(), values.end());
  }
  const std::string& sql() const { return sql_; }
  const std::vector<std::string>& values() const { return values_; }

 private:
  std::string sql_;
  std::vector<std::string> values_;
};

/// "dx:111" asks for a kind, "111" for any; a label counts unless its value is 0 (but the
/// likelihood 0 of PTB-XL, which means "not given", counts).
void add_label(Conditions& conditions, const std::string& label, bool wanted) {
  const std::string in = wanted ? "r.idx IN" : "r.idx NOT IN";
  const std::string select =
      " (SELECT idx FROM labels WHERE name = ? AND (value != 0 OR kind = "
      "'scp')";
  const std::size_t colon = label.find(':');
  if (colon == std::string::npos)
    conditions.add(in + select + ")", {label});
  else
    conditions.add(in + select + " AND kind = ?)",
                   {label.substr(colon + 1), label.substr(0, colon)});
}

std::pair<std::string, std::string> name_and_value(const char* option, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    throw usage_error(fmt::format("{}: is not NAME=VALUE (got \"{}\")", option, text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string lead_of(Database& index, const std::string& wanted) {
  Statement one = index.prepare("SELECT value FROM store WHERE key = 'leads'");
  std::vector<std::string> names;
  if (one.step()) {
    const auto list = nlohmann::json::parse(one.text(0), nullptr, false);
    for (const auto& name : list)
      if (name.is_string()) names.push_back(name.get<std::string>());
  }
  const std::string lead = signal::canonical_lead(wanted);
  if (std::find(names.begin(), names.end(), lead) == names.end())
    throw usage_error(
        fmt::format("lead: the store has no \"{}\" (there are: {})", wanted, join(names, ", ")));
  return lead;
}

Conditions conditions_of(Database& index, const Query& query) {
  Conditions conditions;
  for (const auto& label : query.labels) add_label(conditions, label, true);
  for (const auto& label : query.without) add_label(conditions, label, false);
  if (query.rate_hz)
    conditions.add("r.sample_rate = CAST(? AS REAL)", {python_float(*query.rate_hz)});
  for (const auto& lead : query.leads) {
    const std::string name = lead_of(index, lead);
    conditions.add("r.idx NOT IN (SELECT idx FROM notes WHERE note IN (?, ?))",
                   {"lead " + name + ": absent", "lead " + name + ": constant"});
  }
  if (!query.patient.empty()) conditions.add("r.patient = ?", {query.patient});
  for (const auto& split : query.splits) {
    auto [scheme, part] = name_and_value("split", split);
    conditions.add("r.idx IN (SELECT idx FROM splits WHERE scheme = ? AND split = ?)",
                   {std::move(scheme), std::move(part)});
  }
  for (const auto& field : query.fields) {
    auto [name, value] = name_and_value("field", field);
    conditions.add("r.idx IN (SELECT idx FROM fields WHERE name = ? AND value = ?)",
                   {std::move(name), std::move(value)});
  }
  if (!query.dataset.empty()) conditions.add("r.dataset = ?", {query.dataset});
  if (!query.source.empty()) conditions.add("r.source = ?", {query.source});
  return conditions;
}

}  // namespace

std::vector<Found> query_store(const fs::path& store, const Query& query) {
  Database index(store / kIndexFile, Database::Mode::read_only);
  const Conditions conditions = conditions_of(index, query);
  Statement rows = index.prepare(
      "SELECT r.idx, r.name, r.dataset, r.patient, r.sample_rate, r.sample_size, min(s.row), "
      "count(s.row) FROM records r LEFT JOIN segments s ON s.idx = r.idx" +
      conditions.sql() + " GROUP BY r.idx ORDER BY r.idx LIMIT ?");
  for (const auto& value : conditions.values()) rows.bind(value);
  rows.bind(query.limit);
  std::vector<Found> found;
  while (rows.step())
    found.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.real(4),
                     rows.integer(5), rows.is_null(6) ? -1 : rows.integer(6), rows.integer(7)});
  return found;
}

}  // namespace einthoven::store
