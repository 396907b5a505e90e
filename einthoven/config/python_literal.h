// Python literals as recipes of fairseq-signals use them: "[(256, 2, 2)] * 4", "(0.9, 0.98)",
// "{'model_path': None}".
#pragma once

#include <string>
#include <string_view>

#include "einthoven/base/error.h"
#include "einthoven/config/value.h"

namespace einthoven::config {

/// Numbers, texts, None, True, False, lists, tuples (become lists), dicts (keys become text),
/// `list * int`, `int * list` and `list + list`; nothing is executed. Config error with the column
/// on anything else, on nesting deeper than 32 and on more than 100,000 elements.
Value parse_python_literal(std::string_view text);
/// The same, for callers whose message says more than where the text stops being a literal.
Result<Value> try_parse_python_literal(std::string_view text);

/// `value` as Python prints it; what messages show.
std::string format_python_literal(const Value& value);

}  // namespace einthoven::config
