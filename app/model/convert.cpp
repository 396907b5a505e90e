#include "einthoven/checkpoint/convert.h"

#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "einthoven/base/log.h"
#include "einthoven/model/checkpoint_fit.h"

namespace einthoven::app {

void add_convert(Command root) {
  struct Options {
    std::string input, output;
    std::string to = "auto";
    bool any_tensors = false;
  };
  const auto options = std::make_shared<Options>();
  Command command = root.subcommand(kConvert);
  command.positional("IN", options->input, "checkpoint in any format (recognised by content)")
      .positional("OUT", options->output,
                  "NAME.pt: for the Python reference; NAME.safetensors: the model only; "
                  "else a native folder")
      .choice("--to", options->to, {"auto", "reference", "native", "safetensors"},
              "format of OUT, if its name does not tell")
      .flag("--any-tensors", options->any_tensors,
            "do not compare the tensors with the model of the checkpoint's own configuration")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven convert checkpoint_best.pt ecg_fm\n"
            "  einthoven convert runs/pretrain/checkpoint_last pretrained.pt\n");
      })
      .run([options](const Globals&) {
        const auto format = options->to == "auto" ? checkpoint::format_of_name(options->output)
                                                  : checkpoint::parse_format(options->to);
        const auto check = [&](const checkpoint::Checkpoint& read) {
          if (!options->any_tensors && !model::require_fit(read, options->input))
            log_warn(options->input +
                     ": holds no model that is known here; its tensors were not compared");
        };
        checkpoint::convert(options->input, options->output, format, check);
        fmt::print("{}\n", options->output);
        return 0;
      });
}

}  // namespace einthoven::app
