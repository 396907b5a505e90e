// Pickles (protocol 2) of plain data and tensors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {

/// Appends Python values to a pickle, innermost first: a container is opened, its elements are
/// written, then it is closed.
class PickleWriter {
 public:
  PickleWriter();

  void none() { op('N'); }
  void boolean(bool value) { op(value ? '\x88' : '\x89'); }
  void integer(std::int64_t value);
  void real(double value);
  void text(std::string_view value);
  /// A whole tree; maps become dicts and lists lists.
  void value(const config::Value& value);

  void begin_dict();
  void end_dict() { op('u'); }
  void begin_list();
  void end_list() { op('e'); }
  void begin_tuple() { op('('); }
  void end_tuple() { op('t'); }

  void counts(const std::vector<std::int64_t>& values);  ///< a tuple of integers
  void global(std::string_view module, std::string_view name);
  void persistent() { op('Q'); }  ///< of the tuple before it
  void call() { op('R'); }        ///< of a global with the tuple before it

  /// Ends the pickle.
  const std::string& finish();

 private:
  void op(char code) { bytes_.write(code); }
  ByteWriter bytes_;
};

}  // namespace einthoven::checkpoint
