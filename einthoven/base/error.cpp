#include "einthoven/base/error.h"

#include <fmt/core.h>

#include <cstring>
#include <utility>

namespace einthoven {

Error::Error(ErrorKind kind, std::string message, std::string hint)
    : kind_(kind), message_(std::move(message)), hint_(std::move(hint)) {}

int Error::exit_code() const noexcept {
  switch (kind_) {
    case ErrorKind::usage:
    case ErrorKind::config:
      return 2;
    case ErrorKind::data:
    case ErrorKind::checkpoint:
      return 3;
    case ErrorKind::io:
      return 4;
    case ErrorKind::distributed:
      return 5;
    case ErrorKind::internal:
      break;
  }
  return 70;
}

Error& Error::add_context(std::string_view context) {
  message_ = fmt::format("{}: {}", context, message_);
  return *this;
}

Error usage_error(std::string message, std::string hint) {
  return {ErrorKind::usage, std::move(message), std::move(hint)};
}

Error config_error(std::string message, std::string hint) {
  return {ErrorKind::config, std::move(message), std::move(hint)};
}

Error data_error(std::string_view where, std::string_view field, std::string_view problem) {
  return {ErrorKind::data, fmt::format("{}: {}: {}", where, field, problem)};
}

Error checkpoint_error(std::string_view where, std::string_view field, std::string_view problem) {
  return {ErrorKind::checkpoint, fmt::format("{}: {}: {}", where, field, problem)};
}

Error io_error(std::string_view path, std::string_view problem, int errno_value) {
  if (errno_value == 0) return {ErrorKind::io, fmt::format("{}: {}", path, problem)};
  return {ErrorKind::io, fmt::format("{}: {}: {}", path, problem, std::strerror(errno_value))};
}

Error internal_error(std::string message) { return {ErrorKind::internal, std::move(message)}; }

}  // namespace einthoven
