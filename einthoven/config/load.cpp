#include "einthoven/config/load.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/faults.h"
#include "einthoven/config/python_literal.h"

namespace einthoven::config {
namespace {

class Collector : public Visitor {
 public:
  std::vector<Field> fields;

 private:
  void visit(Field field) override { fields.push_back(std::move(field)); }
};

bool is_missing(const Value& value) { return value.is_string() && value == "???"; }

void set_field(const Field& field, const Value& values, const std::string& key, Faults& faults) {
  const auto given = values.find(field.name);
  if (given == values.end() || is_missing(*given)) {
    if (field.rules.mandatory) faults.add("", key, "missing, and has no default");
    return;
  }
  try {
    field.set(*given);
  } catch (const Error& error) {
    faults.add("", key, error.message());
  }
}

}  // namespace

std::vector<Field> fields_of(const std::function<void(Visitor&)>& describe) {
  Collector collector;
  describe(collector);
  return std::move(collector.fields);
}

void load_fields(const std::function<void(Visitor&)>& describe, const Value& values,
                 std::string_view prefix, UnknownKeys unknown) {
  Faults faults;
  const auto key_of = [&](std::string_view name) {
    return prefix.empty() ? std::string(name) : fmt::format("{}.{}", prefix, name);
  };
  if (!values.is_object()) {
    throw config_error(
        fmt::format("{}: want a map of options, got {}", prefix, format_python_literal(values)));
  }
  const auto fields = fields_of(describe);
  std::vector<std::string> names;
  for (const Field& field : fields) {
    names.push_back(field.name);
    set_field(field, values, key_of(field.name), faults);
  }
  for (const auto& [name, value] : values.items()) {
    if (unknown == UnknownKeys::ignore || name == "_name") continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    faults.add("", key_of(name), "unknown key" + did_you_mean(name, names));
  }
  faults.throw_if_any();
}

Value dump_fields(const std::function<void(Visitor&)>& describe) {
  Value out = Value::object();
  for (const Field& field : fields_of(describe)) out[field.name] = field.get();
  return out;
}

}  // namespace einthoven::config
