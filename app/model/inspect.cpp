#include "einthoven/infer/inspect.h"

#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "app/reading_options.h"
#include "einthoven/base/json_text.h"

namespace einthoven::app {
namespace {

struct Request {
  std::vector<std::string> paths;
  std::string format = "text";
  format::ReadOptions reading;
  bool with_subject = false;
};

int run(const Request& request) {
  format::ReadOptions reading = request.reading;
  config::Value all = config::Value::array();
  for (const std::string& path : request.paths) {
    signal::Subject subject;
    if (request.with_subject) reading.subject = &subject;
    const infer::Inspection inspection = infer::inspect(path, reading);
    if (request.format == "text") {
      if (request.paths.size() > 1) fmt::print("{}\n", path);
      fmt::print("{}", inspection.text);
    }
    all.push_back(inspection.value);
  }
  if (request.format == "json") fmt::print("{}\n", json_text(all.size() == 1 ? all[0] : all, 2));
  return 0;
}

}  // namespace

void add_inspect(Command root) {
  const auto request = std::make_shared<Request>();
  Command command = root.subcommand(kInspect);
  command
      .positional("PATH", request->paths,
                  "one or more of them (recipes by file or name); the kind is found out")
      .choice("--format", request->format, {"text", "json"}, "form of the result")
      .option("--annotator", request->reading.annotator,
              "WFDB: also count the annotations in this file, e.g. atr")
      .flag("--subject", request->with_subject,
            "also show what a recording says of the patient, and its header comments");
  add_reading_options(command, request->reading)
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven inspect A0001.hea\n"
            "  einthoven inspect ecg.xml --subject\n"
            "  einthoven inspect runs/pretrain/checkpoint_last --format json\n"
            "  einthoven inspect w2v_cmsc_rlm");
      })
      .run([request](const Globals&) { return run(*request); });
}

}  // namespace einthoven::app
