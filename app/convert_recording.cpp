#include "einthoven/format/convert_recording.h"

#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "app/reading_options.h"
#include "einthoven/base/log.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::string in, out, checksums = "note";
  double to_s = 0;
  std::int64_t wfdb_format = 16;
  std::vector<std::string> filters;
  format::ConvertOptions convert;
};

format::ChecksumPolicy policy_named(const std::string& name) {
  if (name == "ignore") return format::ChecksumPolicy::ignore;
  return name == "error" ? format::ChecksumPolicy::error : format::ChecksumPolicy::note;
}

int convert(Arguments& args) {
  auto& read = args.convert.read;
  if (args.to_s > 0) read.to_s = args.to_s;
  read.checksums = policy_named(args.checksums);
  args.convert.filters = signal::FilterChain(args.filters);
  args.convert.write.format = static_cast<int>(args.wfdb_format);
  const auto done = format::convert_recording(args.in, args.out, args.convert);
  for (const auto& note : done.notes) log_warn(fmt::format("{}: {}", args.in, note));
  fmt::print("{}: {} leads, {} samples at {} Hz\n", args.out, done.lead_count, done.length,
             done.rate_hz);
  return 0;
}

}  // namespace

void add_convert_recording(Command root) {
  auto args = std::make_shared<Arguments>();
  Command command = root.subcommand("convert-recording", "convert one recording to another format");
  command
      .positional(
          "in", args->in,
          "recording in any format of `einthoven formats`; PATH::NAME: one of a file of many")
      .positional(
          "out", args->out,
          "by extension: .npy, .npz, .csv, .mat, .h5, .edf, .dcm, .json (FHIR), .hea (WFDB)")
      .option("--leads", args->convert.leads, "leads to keep, in this order")
      .option("--filters", args->filters,
              "zero-phase filters in their order, as of preprocess, e.g. notch:50,wavelet")
      .option("--from", args->convert.read.from_s, "start of the cut in seconds")
      .option("--to", args->to_s, "end of the cut in seconds (0: to the end)")
      .option("--annotator", args->convert.read.annotator,
              "also take the WFDB annotation file with this extension, e.g. atr")
      .choice("--checksums", args->checksums, {"note", "error", "ignore"},
              "what to do when WFDB checksums differ")
      .flag("--digital", args->convert.digital, "write the ADC integers of a WFDB record as .npy")
      .option("--wfdb-format", args->wfdb_format,
              "WFDB signal format to write: 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524")
      .option("--wfdb-gain", args->convert.write.gain_adu_per_mv, "ADC units per mV to write")
      .flag("--challenge-mat", args->convert.write.challenge_mat,
            "write WFDB as a PhysioNet Challenge record (.mat and .hea)");
  add_reading_options(command, args->convert.read)
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven convert-recording records500/00000/00001_hr ecg.csv\n"
            "  einthoven convert-recording ecg.npy --rate 500 --leads I,II,V5 out/ecg.hea\n"
            "  einthoven convert-recording A0001.mat adc.npy --digital");
      })
      .run([args](const Globals&) { return convert(*args); });
}

}  // namespace einthoven::app
