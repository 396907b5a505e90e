// Python pickles as plain data: a machine that builds a tree and never runs anything.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::checkpoint {

/// One Python value. A call (`REDUCE`, `NEWOBJ`, ...) becomes an `object` that remembers what would
/// have been called; who knows that global gives it a meaning, for all others it stays inert.
struct PickleValue {
  enum class Kind {
    none,
    boolean,
    integer,
    real,
    text,
    bytes,
    list,
    tuple,
    dict,
    set,
    global,
    object,
    persistent
  };

  Kind kind = Kind::none;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;                 ///< text, bytes; of global and object: "module.name"
  std::vector<PickleValue*> items;  ///< elements; of dict: key, value, key, value, ...
  std::vector<PickleValue*> args;   ///< object: arguments of the call
  PickleValue* state = nullptr;     ///< object: what BUILD would set; persistent: the identifier

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_object(std::string_view callable) const {
    return kind == Kind::object && text == callable;
  }
  /// A dict, or an object with dict items (OrderedDict).
  bool is_mapping() const;
  /// The value of a text key of a mapping, or null.
  const PickleValue* get(std::string_view key) const;
};

/// Owns all values of one pickle; they may refer to each other in cycles.
struct Pickle {
  std::deque<PickleValue> values;
  PickleValue* root = nullptr;
};

/// Reads one pickle (protocols 0 to 5) and leaves the reader behind its end. A call of a global
/// that is not known to be plain data (pickle_globals.h) is a checkpoint error with its name; so
/// are unknown opcodes, a bad stack and lies about lengths. Memory is bounded by the input.
Pickle read_pickle(ByteReader& reader);

/// A Python `bytes` value: plain, or encoded as text in protocols below 3. Checkpoint error else.
std::string bytes_of(const PickleValue& value, const std::string& source);

}  // namespace einthoven::checkpoint
