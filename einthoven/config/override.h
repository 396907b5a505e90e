// Changes to a recipe given on the command line, in the grammar of hydra 1.0.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/config/value.h"

namespace einthoven::config {

struct Override {
  enum class Kind {
    set,     ///< key=value: the key exists
    add,     ///< +key=value: the key is new
    force,   ///< ++key=value: either
    remove,  ///< ~key or ~key=value
  };
  Kind kind = Kind::set;
  std::vector<std::string> path;  ///< dotted key, split
  Value value;
  std::string text;  ///< as given

  std::string key() const;
};

/// Values: null, true, false, numbers (1_000 too), text (`\` escapes a character), 'quoted' or
/// "quoted" text (taken literally, `\'` escapes the quote), [lists], {dicts}, casts of them as
/// int(3.0); `${a.b}` stays text. Usage error with the column if the text is none of that.
Override parse_override(std::string_view text);

}  // namespace einthoven::config
