#include "einthoven/config/resolve.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/apply_overrides.h"
#include "einthoven/config/faults.h"
#include "einthoven/config/interpolate.h"

namespace einthoven::config {
namespace {

bool is_missing(const Value& value) { return value.is_string() && value == "???"; }

/// Sets every given field of one group, reads back what it became, restores the default.
class Coercer : public Visitor {
 public:
  using Report = std::function<void(const std::string& name, const std::string& problem)>;
  Coercer(const Value& given, const Value& raw, Report report)
      : given_(given), raw_(raw), report_(std::move(report)) {}

  Value out = Value::object();

 private:
  void visit(Field field) override {
    const Value before = field.get();
    const auto given = given_.find(field.name);
    out[field.name] = given == given_.end() ? before : coerced(field, *given);
    field.set(before);
  }

  Value coerced(const Field& field, const Value& given) {
    if (is_missing(given)) {
      const bool reported_elsewhere = is_interpolated(raw_.value(field.name, Value()));
      if (reported_elsewhere || !needed(field)) return nullptr;
      report_(field.name, "missing, and must be given");
      return nullptr;
    }
    try {
      field.set(given);
    } catch (const Error& error) {
      report_(field.name, error.message());
      return nullptr;
    }
    return field.is_list() && given.is_string() ? given : field.get();
  }

  bool needed(const Field& field) const {
    if (field.rules.needed_by.empty()) return true;
    const auto flag = given_.find(field.rules.needed_by);
    return flag != given_.end() && flag->is_boolean() && flag->get<bool>();
  }

  const Value& given_;
  const Value& raw_;
  Report report_;
};

class Resolver {
 public:
  Resolver(const Schema& schema, Recipe recipe) : schema_(schema), recipe_(std::move(recipe)) {}

  Value run(const std::vector<Override>& overrides) {
    check_groups();
    apply_overrides(schema_, overrides, recipe_, faults_);
    Value raw = Value::object();
    for (const Group& group : schema_.groups) raw[group.name] = with_defaults(group);
    Value out = Value::object({{"_name", nullptr}});
    for (const Group& group : schema_.groups) out[group.name] = finished(group, raw);
    faults_.throw_if_any();
    followers_.throw_if_any();
    return out;
  }

 private:
  std::string where(const std::string& key) const {
    for (std::string at = key;; at.resize(at.rfind('.'))) {
      const auto found = recipe_.positions.find(at);
      if (found != recipe_.positions.end()) return found->second;
      if (at.find('.') == at.npos) return recipe_.path.string();
    }
  }

  void fault(const std::string& key, const std::string& problem) {
    faults_.add(where(key), key, problem);
  }

  /// A default that follows another key is at fault when that key is: reported only if it is not.
  void fault_of_value(const Group& group, const std::string& name, const std::string& problem) {
    const Value given = recipe_.values.value(group.name, Value());
    const std::string key = group.name + "." + name;
    const bool is_given = given.is_object() && given.contains(name);
    (is_given ? faults_ : followers_).add(where(key), key, problem);
  }

  /// Groups that hydra itself adds to saved files are let pass.
  void check_groups() {
    const auto names = schema_.group_names();
    for (const auto& [name, value] : recipe_.values.items()) {
      if (name == "_name" || name == "hydra" || name == "job_logging_cfg") continue;
      if (schema_.find(name) != nullptr) continue;
      fault(name, "unknown group" + did_you_mean(name, names));
    }
  }

  /// The choice that a group's values ask for; null if none, after reporting why.
  const std::pair<std::string, Describe>* choice_of(const Group& group, const Value& given) {
    if (group.typed()) return &group.choices.front();
    const std::string known = join(group.choice_names(), ", ");
    if (given.is_null()) {
      if (group.required) fault(group.name, fmt::format("missing; want _name: one of {}", known));
      return nullptr;
    }
    const Value name = given.value("_name", Value());
    if (!name.is_string() || is_missing(name)) {
      fault(group.name, fmt::format("missing _name; want one of {}", known));
      return nullptr;
    }
    const auto* choice = group.find(name.get<std::string>());
    if (choice == nullptr) {
      fault(group.name + "._name",
            fmt::format("unknown {} \"{}\"{}; want one of {}", group.name, name.get<std::string>(),
                        did_you_mean(name.get<std::string>(), group.choice_names()), known));
    }
    return choice;
  }

  Value with_defaults(const Group& group) {
    const Value given = recipe_.values.value(group.name, Value());
    if (!given.is_null() && !given.is_object()) {
      fault(group.name, "want a map of options");
      return nullptr;
    }
    const auto* choice = choice_of(group, given);
    if (choice == nullptr) return nullptr;
    chosen_[group.name] = choice;
    Value out = Value::object();
    out["_name"] = group.typed() ? Value(nullptr) : Value(choice->first);
    std::vector<std::string> names;
    for (const FieldInfo& info : field_infos(choice->second)) {
      names.push_back(info.name);
      out[info.name] =
          given.is_object() && given.contains(info.name) ? given[info.name] : default_of(info);
    }
    report_unknown(group, given, names);
    return out;
  }

  Value default_of(const FieldInfo& info) const {
    if (info.rules.mandatory) return "???";
    const auto dot = info.rules.follows.find('.');
    const bool target_exists =
        dot != std::string::npos &&
        !recipe_.values.value(info.rules.follows.substr(0, dot), Value()).is_null();
    const Group* target =
        dot == std::string::npos ? nullptr : schema_.find(info.rules.follows.substr(0, dot));
    if (target == nullptr || (!target->typed() && !target_exists)) return info.default_value;
    return "${" + info.rules.follows + "}";
  }

  void report_unknown(const Group& group, const Value& given,
                      const std::vector<std::string>& names) {
    if (!given.is_object()) return;
    for (const auto& [name, value] : given.items()) {
      if (name == "_name" || std::find(names.begin(), names.end(), name) != names.end()) continue;
      fault(group.name + "." + name, "unknown key" + did_you_mean(name, names));
    }
  }

  Value finished(const Group& group, const Value& raw) {
    const Value& values = raw[group.name];
    if (values.is_null()) return nullptr;
    Value given = Value::object();
    for (const auto& [name, value] : values.items()) {
      if (name == "_name") continue;
      try {
        given[name] = interpolate(value, raw);
      } catch (const Error& error) {
        fault_of_value(group, name, error.message());
      }
    }
    Coercer coercer(given, values, [&](const std::string& name, const std::string& problem) {
      fault_of_value(group, name, problem);
    });
    chosen_.at(group.name)->second(coercer);
    Value out = Value::object({{"_name", values["_name"]}});
    out.update(coercer.out);
    return out;
  }

  const Schema& schema_;
  Recipe recipe_;
  Faults faults_, followers_;
  std::map<std::string, const std::pair<std::string, Describe>*> chosen_;
};

}  // namespace

Value resolve(const Schema& schema, const Recipe& recipe, const std::vector<Override>& overrides) {
  return Resolver(schema, recipe).run(overrides);
}

std::vector<Override> parse_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> out;
  Faults faults;
  for (const std::string& text : texts) {
    try {
      out.push_back(parse_override(text));
    } catch (const Error& error) {
      faults.add("command line", "", error.message());
    }
  }
  faults.throw_if_any();
  return out;
}

std::optional<std::string> run_folder(const std::vector<Override>& overrides) {
  std::optional<std::string> out;
  for (const Override& change : overrides) {
    if (change.key() == "hydra.run.dir" && change.value.is_string())
      out = change.value.get<std::string>();
  }
  return out;
}

}  // namespace einthoven::config
