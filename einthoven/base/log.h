// Messages for people on stderr; results never go through here.
#pragma once

#include <string_view>

namespace einthoven {

enum class LogLevel { debug, info, warn, error, off };

void set_log_level(LogLevel level);
/// True if messages of this level are written.
bool is_logged(LogLevel level);
/// Also writes every message to `path` (appending).
void set_log_file(const char* path);

void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warn(std::string_view message);
void log_error(std::string_view message);

}  // namespace einthoven
