// A thin cover over CLI11, so that only command.cpp pays for its headers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace einthoven::app {

/// Options that mean the same for every command.
struct Globals {
  int threads = 0;  ///< 0: all cores
  std::uint64_t seed = 1;
  std::string device = "cpu";
  std::string log_level = "info";
};

/// Name and one-line help of a command that is declared apart from its options.
struct CommandName {
  const char* name;
  const char* help;
};

/// One command under construction. The referenced variables must outlive the parse; commands keep
/// them in a shared_ptr captured by run().
class Command {
 public:
  explicit Command(CLI::App* app, Globals* globals) : app_(app), globals_(globals) {}

  Command subcommand(const std::string& name, const std::string& help);
  Command subcommand(const CommandName& command) { return subcommand(command.name, command.help); }
  Command& positional(const std::string& name, std::string& value, const std::string& help);
  Command& positional(const std::string& name, std::vector<std::string>& values,
                      const std::string& help, bool required = true);
  Command& option(const std::string& name, std::string& value, const std::string& help);
  /// Numbers are refused if negative, infinite or NaN.
  Command& option(const std::string& name, std::int64_t& value, const std::string& help);
  Command& option(const std::string& name, double& value, const std::string& help);
  /// Refuses zero too.
  Command& option(const std::string& name, std::optional<double>& value, const std::string& help);
  /// Repeatable or comma-separated.
  Command& option(const std::string& name, std::vector<std::string>& values,
                  const std::string& help);
  /// An option followed by `least` to `most` values, e.g. --export fairseq DIR.
  Command& option_with_values(const std::string& name, std::vector<std::string>& values, int least,
                              int most, const std::string& help);
  Command& choice(const std::string& name, std::string& value,
                  const std::vector<std::string>& choices, const std::string& help);
  Command& flag(const std::string& name, bool& value, const std::string& help);
  Command& positive(const std::string& name);  ///< zero is refused too
  Command& require(const std::string& name);
  /// Everything that is neither an option nor a positional (key=value overrides of train).
  Command& rest(std::vector<std::string>& values);
  /// Everything from the first word that is no option: another command with its own options.
  Command& verbatim(std::vector<std::string>& values);
  /// Text after the description in --help, with examples.
  Command& footer(std::function<std::string()> text);
  /// What the command does; the result is the exit code.
  Command& run(std::function<int(const Globals&)> action);

 private:
  CLI::App* app_;
  Globals* globals_;
};

/// Parses and runs; every command file supplies one `void add_X(Command root)`. `before`, if any,
/// sees the arguments first and may hand them to another program.
int run_program(int argc, char** argv, const std::vector<void (*)(Command)>& commands,
                void (*before)(int, char**) = nullptr);

}  // namespace einthoven::app
