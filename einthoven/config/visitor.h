// One describe() per options struct serves loading, overriding, dumping, help and documentation.
//
//   struct Adam {
//     std::vector<double> adam_betas{0.9, 0.999};
//     double adam_eps = 1e-8;
//     void describe(config::Visitor& v) {
//       v.field("adam_betas", adam_betas, "coefficients of the running averages");
//       v.field("adam_eps", adam_eps, "added to the root of the second moment");
//     }
//   };
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/config/value.h"

namespace einthoven::config {

/// How a field differs from a plain optional one.
struct FieldRules {
  std::vector<std::string> choices = {};        ///< allowed texts; empty: any
  std::optional<double> least = {}, most = {};  ///< bounds of a number, or of each of a list
  bool mandatory = false;                       ///< `???` until given
  std::string follows = {};  ///< dotted key whose value is the default, e.g. "task.normalize"
  /// Sibling flag without which the value is not needed: a `???` of a recipe then reads as null.
  std::string needed_by = {};
};

/// A type-erased member of an options struct.
struct Field {
  std::string name;
  std::string type;  ///< "int", "float", "bool", "str", "list[int]", "int?", ...
  std::string help;
  FieldRules rules;
  std::function<Value()> get;
  /// Throws config error "want TYPE, got VALUE" (without the name of the field).
  std::function<void(const Value&)> set;

  bool is_list() const { return type.starts_with("list"); }
};

/// Types: bool, std::int64_t, double, std::string, vectors of int64/double/string, optionals of all
/// of these, and Value itself. Instantiated in visitor.cpp. A list given as text
/// ("[(256, 2, 2)] * 4", "(0.9, 0.98)") is read as a Python literal.
template <class T>
Field make_field(std::string_view name, T& value, std::string_view help, FieldRules rules);

class Visitor {
 public:
  virtual ~Visitor() = default;

  template <class T>
  void field(std::string_view name, T& value, std::string_view help, FieldRules rules = {}) {
    visit(make_field(name, value, help, std::move(rules)));
  }

 protected:
  virtual void visit(Field field) = 0;
};

}  // namespace einthoven::config
