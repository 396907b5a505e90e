#include "app/command.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <new>
#include <span>
#include <string_view>
#include <system_error>

#include "app/bus_error.h"
#include "app/exit_codes.h"
#include "app/lost_memory.h"
#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"

namespace einthoven::app {
namespace {

LogLevel parse_level(const std::string& name) {
  const std::vector<std::string> names = {"debug", "info", "warn", "error", "off"};
  const auto found = std::find(names.begin(), names.end(), name);
  return static_cast<LogLevel>(found - names.begin());
}

/// No option means anything by a negative number, infinity or NaN.
std::string refuse_odd_number(const std::string& text) {
  const auto number = parse_double(text);
  if (!number || (std::isfinite(*number) && *number >= 0)) return {};
  return fmt::format("want a number of 0 or more, got {}", text);
}

std::string refuse_zero(const std::string& text) {
  if (parse_double(text) != 0.0) return {};
  return fmt::format("want a number above 0, got {}", text);
}

CLI::Validator validator(std::string (*check)(const std::string&)) {
  return CLI::Validator([check](std::string& text) { return check(text); }, "");
}

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("--threads", globals.threads, "CPU threads (0: all cores)")
      ->check(validator(refuse_odd_number))
      ->capture_default_str()
      ->group("Common");
  app.add_option("--seed", globals.seed, "seed of every random draw")
      ->check(validator(refuse_odd_number))
      ->capture_default_str()
      ->group("Common");
  app.add_option("--device", globals.device, "cpu, cuda or cuda:N")
      ->capture_default_str()
      ->group("Common");
  app.add_option("--log-level", globals.log_level, "what goes to stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str()
      ->group("Common");
}

std::vector<std::string> names_of_subcommands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* child : app.get_subcommands(nullptr)) names.push_back(child->get_name());
  return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options(nullptr))
    if (!option->get_lnames().empty()) names.push_back("--" + option->get_lnames().front());
  return names;
}

/// An unknown command or option, which CLI11 reports after whatever is missing; else empty.
std::string unknown_word(const CLI::App& command, std::span<char*> words) {
  const auto subcommands = names_of_subcommands(command);
  if (!subcommands.empty() && !words.empty() && words.front()[0] != '-')
    return fmt::format("unknown command \"{}\"{}", words.front(),
                       did_you_mean(words.front(), subcommands));
  if (command.get_allow_extras() || command.get_prefix_command()) return {};
  for (const std::string_view word : words) {
    const std::string option(word.substr(0, word.find('=')));
    if (word == "--") break;
    if (option.starts_with("--") && command.get_option_no_throw(option) == nullptr)
      return fmt::format("unknown option {}{}", option,
                         did_you_mean(option, names_of_options(command)));
  }
  return {};
}

int report_usage_fault(const CLI::App& root, const CLI::ParseError& error, std::span<char*> words) {
  const CLI::App* command = &root;
  std::string path = root.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    path += " " + command->get_name();
    if (!words.empty()) words = words.subspan(1);
  }
  const std::string unknown = unknown_word(*command, words);
  fmt::print(stderr, "einthoven: {}\nhint: see {} --help\n",
             unknown.empty() ? printable(error.what()) : printable(unknown), path);
  return 2;
}

/// CLI11's own stops at the first level.
void print_all_help(CLI::App& app, const std::string& before) {
  fmt::print("{}\n", app.help(before, CLI::AppFormatMode::Normal));
  for (CLI::App* child : app.get_subcommands(nullptr))
    print_all_help(*child, before + (before.empty() ? "" : " ") + app.get_name());
}

/// What the system refused, in one line: memory (also to LibTorch's allocator and to oneDNN, whose
/// exceptions are not known here), threads, files.
int report_system_fault(const std::exception& error) {
  const std::string_view text = error.what();
  const std::string_view line = text.substr(0, text.find('\n'));
  const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
                      text.find("DefaultCPUAllocator") != std::string_view::npos ||
                      text == "could not create a primitive" ||
                      text == "could not execute a primitive" ||
                      text.find("CUDA out of memory") != std::string_view::npos;
  if (memory) {
    fmt::print(stderr,
               "einthoven: out of memory\nhint: fewer --threads, loader workers or a smaller batch "
               "need less\n");
    return kExitIo;
  }
  if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    fmt::print(stderr, "einthoven: {}: {}\n", printable(file->path1().string()),
               file->code().message());
    return kExitIo;
  }
  if (const auto* refused = dynamic_cast<const std::system_error*>(&error)) {
    const bool thread = refused->code() == std::errc::resource_unavailable_try_again;
    fmt::print(stderr, "einthoven: {}{}\n", thread ? "cannot start a thread: " : "",
               printable(line));
    return kExitIo;
  }
  fmt::print(stderr, "einthoven: internal error: {}\n", line);
  return kExitInternal;
}

/// What did not reach a full disk or a closed pipe is an error, although printing went on.
void require_results_written() {
  const bool failed = std::ferror(stdout) != 0;
  if (std::fflush(stdout) != 0 || failed)
    throw io_error("standard output", "cannot write all results");
}

}  // namespace

Command Command::subcommand(const std::string& name, const std::string& help) {
  CLI::App* child = app_->add_subcommand(name, help);
  child->group(app_->get_parent() == nullptr ? "Commands" : "Subcommands");
  app_->require_subcommand(1);
  return Command(child, globals_);
}

Command& Command::positional(const std::string& name, std::string& value, const std::string& help) {
  app_->add_option(name, value, help)->required();
  return *this;
}

Command& Command::positional(const std::string& name, std::vector<std::string>& values,
                             const std::string& help, bool required) {
  app_->add_option(name, values, help)->required(required);
  return *this;
}

Command& Command::option(const std::string& name, std::string& value, const std::string& help) {
  app_->add_option(name, value, help)->capture_default_str();
  return *this;
}

Command& Command::option(const std::string& name, std::int64_t& value, const std::string& help) {
  app_->add_option(name, value, help)->check(validator(refuse_odd_number))->capture_default_str();
  return *this;
}

Command& Command::option(const std::string& name, double& value, const std::string& help) {
  app_->add_option(name, value, help)->check(validator(refuse_odd_number))->capture_default_str();
  return *this;
}

Command& Command::option(const std::string& name, std::optional<double>& value,
                         const std::string& help) {
  app_->add_option(name, value, help)->check(validator(refuse_odd_number));
  return positive(name);
}

Command& Command::option(const std::string& name, std::vector<std::string>& values,
                         const std::string& help) {
  app_->add_option(name, values, help)
      ->delimiter(',')
      ->transform([](const std::string& item) { return std::string(trim(item)); })
      ->allow_extra_args(false)
      ->capture_default_str();
  return *this;
}

Command& Command::option_with_values(const std::string& name, std::vector<std::string>& values,
                                     int least, int most, const std::string& help) {
  app_->add_option(name, values, help)->expected(least, most);
  return *this;
}

Command& Command::choice(const std::string& name, std::string& value,
                         const std::vector<std::string>& choices, const std::string& help) {
  app_->add_option(name, value, help)->check(CLI::IsMember(choices))->capture_default_str();
  return *this;
}

Command& Command::flag(const std::string& name, bool& value, const std::string& help) {
  app_->add_flag(name, value, help);
  return *this;
}

Command& Command::positive(const std::string& name) {
  app_->get_option(name)->check(validator(refuse_zero));
  return *this;
}

Command& Command::require(const std::string& name) {
  app_->get_option(name)->required();
  return *this;
}

Command& Command::rest(std::vector<std::string>& values) {
  app_->allow_extras();
  app_->parse_complete_callback([app = app_, &values] { values = app->remaining(); });
  return *this;
}

Command& Command::verbatim(std::vector<std::string>& values) {
  app_->prefix_command();
  app_->parse_complete_callback([app = app_, &values] { values = app->remaining(); });
  return *this;
}

Command& Command::footer(std::function<std::string()> text) {
  app_->footer(std::move(text));
  return *this;
}

Command& Command::run(std::function<int(const Globals&)> action) {
  add_globals(*app_, *globals_);
  app_->final_callback([action = std::move(action), globals = globals_] {
    set_log_level(parse_level(globals->log_level));
    const int code = action(*globals);
    if (code != 0) throw CLI::RuntimeError(code);
  });
  return *this;
}

int run_program(int argc, char** argv, const std::vector<void (*)(Command)>& commands,
                void (*before)(int, char**)) {
  explain_bus_errors();
  explain_lost_memory();
  CLI::App root("Einthoven: ECG deep learning from raw files to explained models.", "einthoven");
  root.set_version_flag("--version", "einthoven " EINTHOVEN_VERSION);
  root.set_help_all_flag(
      "--help-all",
      "help of every command (of those that use a model: einthoven-model --help-all)");
  Globals globals;
  for (const auto add : commands) add(Command(&root, &globals));
  try {
    if (before != nullptr) before(argc, argv);
    root.parse(argc, argv);
    require_results_written();
    return 0;
  } catch (const CLI::RuntimeError& error) {
    return error.get_exit_code();
  } catch (const CLI::CallForAllHelp&) {
    print_all_help(root, "");
    return 0;
  } catch (const CLI::Success& success) {  // --help
    return root.exit(success);
  } catch (const CLI::ParseError& error) {
    return report_usage_fault(root, error,
                              std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  } catch (const Error& error) {
    fmt::print(stderr, "einthoven: {}\n", printable(error.message()));
    if (!error.hint().empty()) fmt::print(stderr, "hint: {}\n", error.hint());
    return error.exit_code();
  } catch (const std::exception& error) {
    return report_system_fault(error);
  }
}

}  // namespace einthoven::app
