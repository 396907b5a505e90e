#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/infer/run_report.h"

namespace einthoven::app {
namespace {

struct Request {
  std::string output = "report.html";
  std::string title = "Einthoven report";
  std::vector<std::string> runs;
  std::vector<std::string> evaluations;
  std::vector<std::string> pictures;
  std::string commands;
};

std::vector<infer::NamedPath> named_paths(const std::vector<std::string>& texts,
                                          const char* option) {
  std::vector<infer::NamedPath> result;
  for (const std::string& text : texts) {
    const auto equals = text.rfind('=');
    if (equals == std::string::npos)
      throw usage_error(fmt::format("{}: want NAME=PATH, got \"{}\"", option, text));
    result.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

int run(const Request& request) {
  if (request.runs.empty() && request.evaluations.empty() && request.pictures.empty())
    throw usage_error("report: nothing to show: give --run, --evaluation or --picture");
  require_output_file(request.output);
  infer::RunReport report;
  report.title = request.title;
  report.runs = named_paths(request.runs, "--run");
  report.evaluations = named_paths(request.evaluations, "--evaluation");
  report.pictures = named_paths(request.pictures, "--picture");
  report.commands = request.commands;
  infer::write_run_report(report, request.output);
  fmt::print("{}\n", request.output);
  return 0;
}

}  // namespace

void add_report(Command root) {
  const auto request = std::make_shared<Request>();
  root.subcommand(kReport)
      .option("--output", request->output, "the page")
      .option("--title", request->title, "its heading")
      .option("--run", request->runs, "NAME=FOLDER of a training run; repeatable")
      .option("--evaluation", request->evaluations,
              "NAME=FILE of `einthoven evaluate --format json`; repeatable")
      .option("--picture", request->pictures, "CAPTION=FILE (.png or .svg); repeatable")
      .option("--commands", request->commands, "text file with what was run")
      .footer([] {
        return std::string(
            "Example:\n"
            "  einthoven report --run pretraining=runs/pretrain --run fine-tuning=runs/tune \\\n"
            "      --evaluation fine-tuned=tuned.json --picture 'A recording=ecg.svg' \\\n"
            "      --output report.html");
      })
      .run([request](const Globals&) { return run(*request); });
}

}  // namespace einthoven::app
