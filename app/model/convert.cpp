#include "einthoven/checkpoint/convert.h"

#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"

namespace einthoven::app {

void add_convert(Command root) {
  struct Options {
    std::string input, output;
    std::string to = "auto";
  };
  const auto options = std::make_shared<Options>();
  Command command = root.subcommand(kConvert);
  command.positional("IN", options->input, "checkpoint in any format (recognised by content)")
      .positional("OUT", options->output,
                  "NAME.pt: for the Python reference; NAME.safetensors: the model only; "
                  "else a native folder")
      .choice("--to", options->to, {"auto", "reference", "native", "safetensors"},
              "format of OUT, if its name does not tell")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven convert checkpoint_best.pt ecg_fm\n"
            "  einthoven convert runs/pretrain/checkpoint_last pretrained.pt\n");
      })
      .run([options](const Globals&) {
        const auto format = options->to == "auto" ? checkpoint::format_of_name(options->output)
                                                  : checkpoint::parse_format(options->to);
        checkpoint::convert(options->input, options->output, format);
        fmt::print("{}\n", options->output);
        return 0;
      });
}

}  // namespace einthoven::app
