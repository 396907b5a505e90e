#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "app/reading_options.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/survey/survey_report.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::vector<std::string> paths;
  std::string format = "text", output, html, show = "warning", fail_on = "fault";
  std::int64_t pictures = 6;
  format::ReadOptions read;
};

signal::Severity severity_named(const std::string& name) {
  if (name == "note") return signal::Severity::note;
  return name == "warning" ? signal::Severity::warning : signal::Severity::fault;
}

std::string report(const Arguments& args, const survey::Survey& survey) {
  if (args.format == "json") return survey::survey_json(survey);
  if (args.format == "csv") return survey::survey_csv(survey);
  return survey::survey_text(survey, severity_named(args.show));
}

int check(Arguments& args, const Globals& globals) {
  require_output_file(args.output);
  require_output_file(args.html);
  std::vector<fs::path> recordings;
  for (const auto& path : args.paths)
    for (auto& recording : survey::recordings_at(path, args.read))
      recordings.push_back(std::move(recording));
  const auto survey = survey::survey_recordings(recordings, args.read, globals.threads);
  if (args.output.empty())
    fmt::print("{}", report(args, survey));
  else
    write_file_atomically(args.output, report(args, survey));
  if (!args.html.empty())
    survey::write_survey_html(survey, args.read, static_cast<std::size_t>(args.pictures),
                              args.html);
  return args.fail_on != "never" && survey.count(severity_named(args.fail_on)) > 0 ? 1 : 0;
}

}  // namespace

void add_check(Command root) {
  auto args = std::make_shared<Arguments>();
  Command command = root.subcommand(
      "check", "find faulty recordings: leads, electrodes, units, gains, noise, copies");
  command.positional("path", args->paths, "recordings, or folders of them")
      .choice("--format", args->format, {"text", "json", "csv"}, "form of the report")
      .option("--output", args->output, "file for the report (default: stdout)")
      .option("--html", args->html, "also write a page with pictures of the worst recordings")
      .option("--pictures", args->pictures, "recordings drawn in the page")
      .choice("--show", args->show, {"note", "warning", "fault"}, "text: least severity listed")
      .choice("--fail-on", args->fail_on, {"fault", "warning", "never"},
              "what makes the exit code 1");
  add_reading_options(command, args->read)
      .footer([] {
        return std::string(
            "Exit code 1 if a recording has a fault. What is checked: docs/check.md\n"
            "Examples:\n"
            "  einthoven check records500/00000/00001_hr\n"
            "  einthoven check challenge-2021/training --html check.html --format csv "
            "--output check.csv");
      })
      .run([args](const Globals& globals) { return check(*args, globals); });
}

}  // namespace einthoven::app
