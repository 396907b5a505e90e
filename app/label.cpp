#include <fmt/core.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/unicode.h"
#include "einthoven/config/recipe.h"
#include "einthoven/corpus/report_labels.h"
#include "einthoven/store/store.h"
#include "einthoven/text/labeler/explain.h"
#include "einthoven/text/labeler/labeler.h"
#include "einthoven/text/labeler/used_parts.h"
#include "einthoven/text/labeler/write_config.h"

namespace einthoven::app {
namespace {

/// Which labeler, for both subcommands.
struct Configuration {
  std::string folder, rules, mode = "fixed";

  void add_to(Command& command) {
    command
        .option("--config", folder, "folder of JSON files, e.g. ECG-FM's labeler (default: ours)")
        .option("--rules", rules, "preprocess_rules.json of ECG-FM, if it is not in that folder")
        .choice("--mode", mode, {"fixed", "reference"},
                "reference: keep ECG-FM's two faults (lost descriptors, ignored negation)");
  }
  fs::path path() const {
    return folder.empty() ? config::recipes_folder() / "labeler" : fs::path(folder);
  }
  text::Labeler labeler() const {
    const fs::path path = this->path();
    if (!fs::is_directory(path)) throw io_error(path.string(), "is no folder");
    if (rules.empty() && !fs::exists(path / "preprocess_rules.json") &&
        !fs::exists(path / "replacements.json"))
      log_warn(path.string() + ": no preprocess_rules.json, texts are only put in lower case");
    return text::Labeler(path, text::parse_labeler_mode(mode), rules);
  }
};

void add_text(Command label) {
  struct Arguments {
    Configuration configuration;
    std::vector<std::string> texts;
    std::string input, format = "table";
  };
  const auto args = std::make_shared<Arguments>();
  Command command = label.subcommand("text", "label reports and say why");
  command.positional("TEXT", args->texts, "reports", false)
      .option("--input", args->input,
              "a store, a .csv, or a file with one report a line; - is the standard input");
  args->configuration.add_to(command);
  command
      .choice("--format", args->format, {"table", "json"}, "what is printed; json: one line each")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven label text \"Sinus rhythm. No evidence of ischemia\"\n"
            "  einthoven label text --input reports.txt --format json\n");
      })
      .run([args](const Globals&) {
        const text::Labeler labeler = args->configuration.labeler();
        const auto print = [&](const std::string& report, std::int64_t number) {
          const auto labelled = labeler.label(report);
          fmt::print("{}", args->format == "json"
                               ? text::explain_json(labeler, labelled, number).dump() + "\n"
                               : text::explain(labeler, labelled));
        };
        std::int64_t number = 0;
        for (const std::string& report : args->texts) print(report, number++);
        if (args->input.empty() && args->texts.empty())
          throw usage_error("label text: give a TEXT or --input");
        if (args->input.empty()) return 0;
        if (store::is_store(args->input) || fs::path(args->input).extension() == ".csv") {
          for (const auto& report : corpus::read_reports({args->input, {}, {}}).accepted)
            print(report.text, report.idx);
          return 0;
        }
        std::ifstream file;
        if (fs::is_directory(args->input)) throw io_error(args->input, "is a folder, want a file");
        if (args->input != "-") file.open(args->input);
        if (args->input != "-" && !file) throw io_error(args->input, "cannot be read");
        std::istream& lines = args->input == "-" ? std::cin : file;
        for (std::string line; std::getline(lines, line);) print(line, number++);
        return 0;
      });
}

void add_build(Command label) {
  struct Arguments {
    Configuration configuration;
    corpus::ReportLabelOptions options;
    std::string source, dest, label_def;
  };
  const auto args = std::make_shared<Arguments>();
  auto& options = args->options;
  Command command = label.subcommand("build", "label the reports of a corpus for training");
  command
      .positional("src", args->source,
                  "a .csv with a column of reports, a store, or a file with one a line")
      .option("--dest", args->dest, "folder for labels.csv, y.npy, y_soft.npy, label_def.csv")
      .require("--dest")
      .option("--text-column", options.source.text_columns,
              "column(s) of the report (default: report, or report_0, report_1, ...); of a store a "
              "field (default: report or machine_report)")
      .option("--idx-column", options.source.idx_column, "column of the row number (default: idx)")
      .option("--labels", options.labels, "these labels, in this order (default: all that occur)")
      .option("--label-def", args->label_def, "a label_def.csv whose labels are taken")
      .option("--threshold", options.threshold, "y.npy: a label is set above this probability")
      .flag("--findings", options.findings, "also write findings.csv: every finding and its cause");
  args->configuration.add_to(command);
  command
      .footer([] {
        return std::string(
            "Example:\n"
            "  einthoven label build ptbxl_database.csv --idx-column ecg_id --dest labels\n");
      })
      .run([args](const Globals& globals) {
        auto& chosen = args->options;
        chosen.source.path = args->source;
        chosen.threads = globals.threads;
        if (chosen.threshold > 1) throw usage_error("threshold: is a probability, want 0 to 1");
        if (!args->label_def.empty()) {
          const auto table = read_csv(args->label_def);
          for (const auto& row : table.rows) chosen.labels.push_back(row[table.column("name")]);
        }
        const auto done = corpus::label_reports(args->configuration.labeler(), chosen, args->dest);
        for (std::size_t c = 0; c < done.statistics.names.size(); ++c)
          fmt::print("{:<50}{:>9}\n", done.statistics.names[c], done.statistics.all[c].positive);
        log_info(fmt::format("{} reports in {:.1f} s, {} quarantined", done.reports, done.seconds,
                             done.rejected.size()));
        return 0;
      });
}

text::LabelerConfig used_config(const text::Labeler& labeler, const std::string& reports) {
  text::UsedParts used(labeler.config());
  for (const auto& report : corpus::read_reports({reports, {}, {}}).accepted)
    used.add(labeler.label(report.text));
  return used.reduced();
}

void add_config(Command label) {
  struct Arguments {
    Configuration configuration;
    std::string dest, used_by;
  };
  const auto args = std::make_shared<Arguments>();
  Command command = label.subcommand("config", "write a checked copy of a configuration to extend");
  command.positional("dest", args->dest, "folder to create");
  args->configuration.add_to(command);
  command
      .option("--used-by", args->used_by,
              "only what these reports need (a store, a .csv, or a file with one a line)")
      .footer([] {
        return std::string(
            "Example:\n"
            "  einthoven label config mine      # ours, to be extended\n"
            "  einthoven label text --config mine \"Sinus rhythm\"\n");
      })
      .run([args](const Globals&) {
        const auto& from = args->configuration;
        const text::Labeler labeler = from.labeler();
        text::write_labeler_config(
            args->used_by.empty() ? labeler.config() : used_config(labeler, args->used_by),
            args->dest);
        text::copy_normaliser(from.path(), from.rules, args->dest);
        const auto written = text::Labeler(args->dest, text::LabelerMode::fixed);
        fmt::print("{}: {} findings, {} descriptors, {} patterns\n", args->dest,
                   written.config().entities.size(), written.config().descriptors.size(),
                   written.config().patterns.size());
        return 0;
      });
}

}  // namespace

void add_label(Command root) {
  Command label = root.subcommand("label", "labels from the text of reports");
  add_text(label);
  add_build(label);
  add_config(label);
}

}  // namespace einthoven::app
