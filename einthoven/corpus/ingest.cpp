#include "einthoven/corpus/ingest.h"

#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <vector>

#include "einthoven/base/parallel.h"
#include "einthoven/base/progress.h"

namespace einthoven::corpus {
namespace {

/// Hands one input to the writer; false if it was quarantined.
bool take(store::Writer& writer, const Ingested& input, IngestReport& report) {
  if (!input.fault.empty()) {
    writer.quarantine(input.entry.idx, input.entry.path, input.fault);
    ++report.quarantined;
    return false;
  }
  writer.append(input.entry, input.segments);
  ++report.records;
  report.segments += static_cast<std::int64_t>(input.segments.lengths.size());
  report.too_short += input.segments.lengths.empty() ? 1 : 0;
  return true;
}

}  // namespace

IngestReport ingest(store::Writer& writer, const std::string& title, std::size_t count, int threads,
                    const std::function<Ingested(std::size_t)>& read,
                    const std::function<void(std::size_t)>& taken,
                    const std::function<void()>& before_finish) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  IngestReport report{writer.contents()};
  const auto first = static_cast<std::size_t>(writer.inputs_done());
  std::vector<std::unique_ptr<Ingested>> inputs(count - first);
  Progress progress(title, static_cast<std::int64_t>(inputs.size()));
  threads = thread_count(threads);
  ordered_pipeline(
      inputs.size(), threads, 4 * static_cast<std::size_t>(threads),
      [&](std::size_t i) { inputs[i] = std::make_unique<Ingested>(read(first + i)); },
      [&](std::size_t i) {
        const auto input = std::move(inputs[i]);
        if (take(writer, *input, report)) {
          if (taken) taken(first + i);
        } else {
          progress.note(fmt::format("{} quarantined", report.quarantined));
        }
        progress.add();
      });
  progress.finish();
  if (before_finish) before_finish();
  writer.finish();
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

}  // namespace einthoven::corpus
