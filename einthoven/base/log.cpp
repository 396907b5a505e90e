#include "einthoven/base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace einthoven {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_color_mt("einthoven");
    made->set_pattern("%Y-%m-%d %H:%M:%S | %^%l%$ | %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum as_spdlog(LogLevel level) {
  using spdlog::level::level_enum;
  constexpr level_enum levels[] = {level_enum::debug, level_enum::info, level_enum::warn,
                                   level_enum::err, level_enum::off};
  return levels[static_cast<int>(level)];
}

}  // namespace

void set_log_level(LogLevel level) { logger().set_level(as_spdlog(level)); }

bool is_logged(LogLevel level) { return logger().should_log(as_spdlog(level)); }

void set_log_file(const char* path) {
  logger().sinks().push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(path));
}

void log_debug(std::string_view message) { logger().debug("{}", message); }
void log_info(std::string_view message) { logger().info("{}", message); }
void log_warn(std::string_view message) { logger().warn("{}", message); }
void log_error(std::string_view message) { logger().error("{}", message); }

}  // namespace einthoven
