#include "einthoven/corpus/preprocess.h"

#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/corpus/corpus.h"
#include "einthoven/corpus/wfdb_databases.h"

namespace einthoven::app {
namespace {

struct Arguments {
  corpus::PreprocessOptions options;
  std::string source, dest, records, manifest_file,
      lead_names = "any", constant_lead = "zero", missing = "zero", checks = "off",
      dtype = "float32", shard, resampling = "linear", normalise = "lead-zscore";
  std::string table, patients;
  std::vector<std::string> leads, exports, filters;
  double window = -1, file_rate = 0, file_gain = 0;
  std::int64_t shard_mib = 256;
  bool no_standardization = false;
};

/// What does not apply would be ignored in silence.
void require_fitting_options(const Arguments& args) {
  const std::string& corpus = args.options.corpus;
  const auto only_for = [&](const char* option, const char* owner, bool is_given) {
    if (is_given && corpus != owner)
      throw usage_error(fmt::format("{}: is for {} alone, not for {}", option, owner, corpus));
  };
  only_for("labels", "folder", !args.table.empty());
  only_for("patients", "mimic-iv-ecg", !args.patients.empty());
  only_for("source-rate", "ptb-xl", args.options.listing.rate_hz != 0);
  const auto* database = corpus::find_wfdb_database(corpus);
  if (args.window > 0 && (database == nullptr || !database->windows))
    throw usage_error(
        fmt::format("window-seconds: {} is not cut into recordings", corpus),
        "annotated databases of long recordings are, e.g. mitdb; --segment-seconds for others");
  if (args.options.rules.segment_seconds == 0 && args.options.rules.stride_seconds != 0)
    throw usage_error("stride-seconds: whole recordings (--segment-seconds 0) have none");
  if (args.no_standardization && args.normalise != "lead-zscore" && args.normalise != "off")
    throw usage_error("no-standardization: does not go with --normalise " + args.normalise);
}

int preprocess(Arguments& args, const Globals& globals) {
  require_fitting_options(args);
  auto& options = args.options;
  options.source = args.source;
  options.dest = args.dest;
  options.records_table = args.records;
  options.source_manifest = args.manifest_file;
  options.listing.table.file = args.table;
  options.listing.patients = args.patients;
  if (args.file_rate != 0) options.listing.reading.rate_hz = args.file_rate;
  if (args.file_gain != 0) options.listing.reading.gain_adu_per_mv = args.file_gain;
  options.leads =
      corpus::parse_leads(args.leads, args.lead_names == "exact",
                          corpus::corpus_leads(options.corpus, options.listing.reading.leads));
  if (args.window >= 0) options.window_seconds = args.window;
  options.rules.resampling = signal::parse_resampling(args.resampling);
  options.rules.filters = signal::FilterChain(args.filters);
  auto& normalise = options.rules.normalise;
  normalise.kind = signal::parse_normalisation(args.no_standardization ? "off" : args.normalise);
  normalise.constant_lead = signal::parse_constant_lead(args.constant_lead);
  if (!(normalise.epsilon >= 0)) throw usage_error("norm-eps: must not be negative");
  options.missing =
      args.missing == "nan" ? corpus::MissingSamples::nan : corpus::MissingSamples::zero;
  options.checks = corpus::parse_check_policy(args.checks);
  options.type = store::parse_sample_type(args.dtype);
  if (args.shard_mib < 1) throw usage_error("shard-mib: must be at least 1");
  options.shard_bytes = static_cast<std::uint64_t>(args.shard_mib) << 20;
  if (!args.exports.empty()) {
    if (args.exports[0] != "fairseq")
      throw usage_error("export: unknown layout (got \"" + args.exports[0] + "\", want fairseq)");
    options.fairseq_folder = args.exports.size() > 1 ? args.exports[1] : args.dest + ".fairseq";
  }
  if (args.exports.empty() && !options.skipped.empty())
    throw usage_error("skip: names folders of --export fairseq, which is not given");
  if (!args.shard.empty()) corpus::parse_shard(args.shard, options);
  options.threads = globals.threads;
  const auto report = corpus::preprocess(options);
  fmt::print("{}: {} recordings, {} segments, {} too short, {} quarantined, {:.1f} s\n", args.dest,
             report.records, report.segments, report.too_short, report.quarantined, report.seconds);
  if (report.quarantined > 0) fmt::print("reasons: {}/quarantine.csv\n", args.dest);
  if (report.records > 0 || !args.shard.empty()) return 0;
  throw data_error(args.source, "recordings",
                   report.quarantined > 0 ? "none could be used; the store holds the reasons only"
                                          : "none was asked for; the store is empty");
}

}  // namespace

void add_preprocess(Command root) {
  auto args = std::make_shared<Arguments>();
  auto& options = args->options;
  root.subcommand("preprocess", "turn a corpus of recordings into a packed store")
      .choice("corpus", options.corpus, corpus::corpus_names(), "which corpus SRC is")
      .require("corpus")
      .positional("src", args->source, "folder of the corpus")
      .option("--dest", args->dest, "the store to write, e.g. data/ptbxl.ecgstore")
      .require("--dest")
      .option("--rate", options.rules.rate_hz, "sample rate of the segments in Hz")
      .positive("--rate")
      .option("--source-rate", options.listing.rate_hz,
              "ptb-xl: 100 reads records100, else records500 (0: as --rate)")
      .option("--labels", args->table,
              "folder: CSV with a row for each recording (docs/preprocess.md)")
      .option("--file-column", options.listing.table.file_column,
              "its column of paths below SRC (default: path, file, filename, ...)")
      .option("--patient-column", options.listing.table.patient_column,
              "its column of patients (default: patient_id, patient, subject_id or subject)")
      .option("--label-columns", options.listing.table.label_columns,
              "its columns of labels (default: those that hold only 0, 1, true, false)")
      .option("--split-column", options.listing.table.split_column,
              "its column of train, valid, test or folds")
      .option("--patients", args->patients,
              "mimic-iv-ecg: patients.csv or patients.csv.gz of MIMIC-IV, for age and sex")
      .option("--file-rate", args->file_rate, "Hz of files that do not name their sample rate")
      .option("--file-gain", args->file_gain, "units per mV of files that do not name their gain")
      .option("--file-leads", options.listing.reading.leads,
              "leads of files that do not name them, in the order of the file")
      .option("--segment-seconds", options.rules.segment_seconds,
              "length of the segments; 0: whole recordings")
      .option(
          "--window-seconds", args->window,
          "annotated databases: cut into recordings of this length, each with its own beats and "
          "rhythms (0: do not; default: as --segment-seconds)")
      .option("--stride-seconds", options.rules.stride_seconds,
              "from the start of one segment to that of the next (0: their length)")
      .choice("--resample", args->resampling, {"linear", "spline"},
              "how rates are changed: as fairseq-signals or as ECG-Bench")
      .option("--filters", args->filters,
              "zero-phase filters in their order: notch:HZ[:Q], bandpass:LOW:HIGH[:ORDER], "
              "highpass:HZ[:ORDER], wavelet[:coarsest|universal], ecg-bench, ecg-bench-exact")
      .choice("--normalise", args->normalise, signal::normalisation_names(),
              "scale of the samples, of each lead or of all leads of a recording; off: mV")
      .option("--norm-eps", options.rules.normalise.epsilon,
              "added to the deviation or range (ecg-transform: 1e-8, ECG-Bench: 1e-6)")
      .flag("--no-standardization", args->no_standardization, "the same as --normalise off")
      .option("--leads", args->leads, "leads to keep, as names or numbers 0 to 11 (default: all)")
      .choice("--constant-lead-strategy", args->constant_lead, {"zero", "nan", "constant"},
              "what a lead without variation becomes")
      .choice("--lead-names", args->lead_names, {"any", "exact"},
              "how lead names are matched: any spelling, or exactly (as the reference)")
      .choice("--missing", args->missing, {"zero", "nan"},
              "what the store holds for absent leads and invalid samples")
      .choice("--checks", args->checks, {"off", "report", "quarantine", "repair"},
              "look for faulty recordings (docs/check.md), and what to do with them")
      .choice("--dtype", args->dtype, {"float32", "float16", "int16"}, "samples in the store")
      .option("--dataset-subset", options.datasets, "keep only these datasets of the corpus")
      .option("--records", args->records,
              "CSV with a column path: which recordings, in which order")
      .option_with_values("--export", args->exports, 1, 2,
                          "fairseq [DIR]: also write the .mat and CSV files of fairseq-signals "
                          "(default: DEST.fairseq)")
      .option("--skip", options.skipped,
              "export: of org, preprocessed and segmented those not to write")
      .option("--manifest-file", args->manifest_file,
              "running table of several runs: idx goes on after its last one, and the recordings "
              "are added to it")
      .option("--patient-salt", options.patient_salt,
              "secret put before patient identifiers before they are hashed")
      .option("--shard", args->shard,
              "I/N: take part I of N of the recordings; join the parts with store merge")
      .option("--shard-mib", args->shard_mib, "size of one signals-NNNNN.npy")
      .footer([] {
        return std::string(
            "A bad recording is quarantined with its reason (quarantine.csv in the store) and the\n"
            "run goes on. After an interruption the same command continues.\n"
            "Examples:\n"
            "  einthoven preprocess physionet2021 challenge-2021/training --dest cinc.ecgstore\n"
            "  einthoven preprocess ptb-xl ptb-xl-1.0.3 --dest ptbxl.ecgstore --dtype int16\n"
            "  einthoven preprocess folder ecgs --labels ecgs/labels.csv --dest own.ecgstore\n"
            "  einthoven preprocess ptb-xl ptb-xl-1.0.3 --dest quiet.ecgstore --normalise off "
            "--filters notch:50,bandpass:0.5:40\n"
            "  einthoven preprocess physionet2021 raw --dest a.ecgstore --export fairseq "
            "processed");
      })
      .run([args](const Globals& globals) { return preprocess(*args, globals); });
}

}  // namespace einthoven::app
