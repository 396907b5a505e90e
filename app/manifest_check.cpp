#include <fmt/core.h>

#include <memory>

#include "app/manifest_commands.h"
#include "einthoven/base/error.h"
#include "einthoven/store/leakage.h"
#include "einthoven/store/manifest.h"

namespace einthoven::app {

void add_manifest_check(Command manifest) {
  struct Arguments {
    std::vector<std::string> sources;
    std::string format = "table";
    bool list = false;
    store::LeakageOptions options;
  };
  auto args = std::make_shared<Arguments>();
  manifest.subcommand("check", "fail if training and evaluation share a patient or a recording")
      .positional("src", args->sources, "manifests, or folders of manifests")
      .flag("--list", args->list, "name the recordings that are shared")
      .flag("--read-files", args->options.read_files,
            "open the .mat files: compare their content and patient_id too")
      .choice("--format", args->format, {"table", "json"}, "form of the output")
      .footer([] {
        return std::string(
            "The exit code is 3 if anything is shared.\nExamples:\n"
            "  einthoven manifest check manifests\n"
            "  einthoven manifest check m/pretrain m/finetune --list");
      })
      .run([args](const Globals&) {
        std::vector<fs::path> manifests;
        for (const std::string& source : args->sources)
          for (const fs::path& path : store::manifests_at(source)) manifests.push_back(path);
        const auto report = store::check_leakage(manifests, args->options);
        fmt::print("{}",
                   args->format == "json" ? report.json(args->list) : report.table(args->list));
        if (!report.overlaps.empty())
          throw data_error(args->sources.front(), "leakage", report.overlaps.front().text());
        return 0;
      });
}

}  // namespace einthoven::app
