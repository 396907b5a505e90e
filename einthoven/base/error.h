// The one exception type of the library; the program turns it into a message and an exit code.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace einthoven {

enum class ErrorKind { usage, config, data, checkpoint, io, distributed, internal };

/// An operation could not be done. `what()` is one line, without patient data:
/// `path[:line|@offset]: field: what is wrong (got X, want Y)`.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message, std::string hint = {});

  ErrorKind kind() const noexcept { return kind_; }
  const char* what() const noexcept override { return message_.c_str(); }
  const std::string& message() const noexcept { return message_; }
  /// One more line for the user (a suggestion), or empty.
  const std::string& hint() const noexcept { return hint_; }
  /// Exit code of the program: 2 usage/config, 3 data/checkpoint, 4 I/O, 5 distributed, 70 ours.
  int exit_code() const noexcept;
  /// Puts `context: ` before the message, while the error passes through a caller that knows more.
  Error& add_context(std::string_view context);

 private:
  ErrorKind kind_;
  std::string message_;
  std::string hint_;
};

/// Where a fault is ordinary and counted (reading a million recordings), not exceptional.
template <class T>
using Result = tl::expected<T, Error>;

Error usage_error(std::string message, std::string hint = {});
Error config_error(std::string message, std::string hint = {});
/// `where` is a path (with `:line` or `@offset` if known), `field` the faulty part of the file.
Error data_error(std::string_view where, std::string_view field, std::string_view problem);
Error checkpoint_error(std::string_view where, std::string_view field, std::string_view problem);
/// Adds the text of `errno_value` (0: none).
Error io_error(std::string_view path, std::string_view problem, int errno_value = 0);
Error internal_error(std::string message);

}  // namespace einthoven
