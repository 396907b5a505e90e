#include "einthoven/verify/verify.h"

#include <ATen/Parallel.h>
#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"

namespace einthoven::app {
namespace {

struct Options {
  std::vector<std::string> folders;
  std::string dump;
  double tolerance = 1e-5;
  bool failures_only = false;
};

void print(const verify::Verification& result, bool failures_only) {
  fmt::print("{}\n", result.name);
  for (const auto& each : result.comparisons) {
    if (each.ok && failures_only) continue;
    if (each.problem.empty())
      fmt::print("  {:<64} abs {:.2e}  rel {:.2e}  {}\n", each.name, each.max_abs, each.max_rel,
                 each.ok ? "ok" : "FAIL");
    else
      fmt::print("  {:<64} FAIL  {}\n", each.name, each.problem);
  }
  const auto count = result.comparisons.size();
  fmt::print("{}: {} of {} ok\n", result.name, count - result.failures(), count);
}

int run(const Options& options) {
  std::vector<fs::path> fixtures;
  for (const auto& folder : options.folders)
    for (const auto& found : verify::find_fixtures(folder)) fixtures.push_back(found);
  bool ok = true;
  for (const auto& fixture : fixtures) {
    verify::VerifyOptions settings;
    settings.tolerance = options.tolerance;
    if (!options.dump.empty())
      settings.dump = fixtures.size() == 1 ? fs::path(options.dump)
                                           : fs::path(options.dump) / fixture.filename();
    for (const auto& result : verify::verify_fixture(fixture, settings)) {
      print(result, options.failures_only);
      ok = ok && result.ok();
    }
  }
  return ok ? 0 : 1;
}

}  // namespace

void add_verify(Command root) {
  const auto options = std::make_shared<Options>();
  root.subcommand(kVerify)
      .positional("DIR", options->folders,
                  "fixture folder (checkpoint.pt, in_*.npy, out_*.npy), training trace "
                  "(initial.pt, batch_ids.npy), or a folder of such folders")
      .option("--dump", options->dump,
              "write what was computed as .npy under the expected names (below OUT/FIXTURE if "
              "there are several fixtures)")
      .option("--tolerance", options->tolerance,
              "allowed error of outputs and losses relative to max(1, largest magnitude); ten "
              "times that for gradients and training runs (default 1e-5)")
      .flag("--failures-only", options->failures_only, "print failing tensors only")
      .footer([] {
        return std::string(
            "Exit code 1 if any expected tensor differs or could not be computed.\n"
            "Examples:\n"
            "  einthoven verify fixtures/a_w2v_cmsc\n"
            "  einthoven verify fixtures --failures-only --dump /tmp/ours\n");
      })
      .run([options](const Globals& globals) {
        if (globals.threads > 0) at::set_num_threads(globals.threads);
        return run(*options);
      });
}

}  // namespace einthoven::app
