#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "app/reading_options.h"
#include "einthoven/base/log.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/format/registry.h"
#include "einthoven/plot/ecg_paper.h"
#include "einthoven/signal/filter_chain.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::string recording, output, layout = "3x4";
  bool no_grid = false, keep_offset = false;
  std::vector<std::string> filters;
  format::ReadOptions read;
  plot::EcgPlotOptions plot;
};

int plot_recording(Arguments& args) {
  plot::picture_format(args.output);
  require_output_file(args.output);
  args.plot.page.layout = plot::parse_layout(args.layout);
  args.plot.grid = !args.no_grid;
  args.plot.centre = !args.keep_offset;
  if (args.plot.page.rhythm_leads == std::vector<std::string>{"none"})
    args.plot.page.rhythm_leads.clear();
  const signal::FilterChain filters(args.filters);
  auto recording = format::read_recording(args.recording, args.read);
  for (const auto& note : recording.notes) log_warn(fmt::format("{}: {}", args.recording, note));
  filters.apply(recording);
  plot::plot_ecg(recording, args.plot, args.output);
  fmt::print("{}\n", args.output);
  return 0;
}

}  // namespace

void add_plot(Command root) {
  auto args = std::make_shared<Arguments>();
  auto& page = args->plot.page;
  Command command = root.subcommand("plot", "draw an ECG on millimetre paper (PNG, SVG, PDF)");
  command
      .positional(
          "recording", args->recording,
          "recording in any format of `einthoven formats`; PATH::NAME: one of a file of many")
      .option("--output", args->output, "picture to write: .png, .svg or .pdf")
      .require("--output")
      .choice("--layout", args->layout, {"3x4", "6x2", "12x1"}, "rows x columns of the leads")
      .option("--rhythm", page.rhythm_leads, "full-length strips below a 3x4 or 6x2 print; none")
      .option("--start", page.start_s, "first second to print")
      .option("--seconds", page.seconds, "seconds to print (0: ten, or the rest)")
      .option("--speed", page.speed_mm_s, "paper speed in mm/s")
      .option("--gain", page.gain_mm_mv, "amplitude in mm/mV")
      .option("--dpi", args->plot.dpi, "pixels an inch of a PNG")
      .option("--title", args->plot.title, "text above the paper (nothing of the file is printed)")
      .flag("--no-grid", args->no_grid, "white paper")
      .flag("--keep-offset", args->keep_offset,
            "keep the offset of each lead instead of centring it on its base line")
      .option("--filters", args->filters,
              "zero-phase filters in their order, as of preprocess, e.g. notch:50,wavelet");
  add_reading_options(command, args->read, {"--rate", "--input-gain"})
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven plot records500/00000/00001_hr --output ecg.png\n"
            "  einthoven plot A0001.mat --output ecg.pdf --layout 12x1 --start 2 --seconds 5\n"
            "  einthoven plot A0001 --output quiet.png --filters notch:50,bandpass:0.5:40\n"
            "  einthoven plot ecg.npy --rate 500 --lead-names I,II,V5 --output ecg.svg --gain 20");
      })
      .run([args](const Globals&) { return plot_recording(*args); });
}

}  // namespace einthoven::app
