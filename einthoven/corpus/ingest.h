// Reading of recordings on all cores into a store, in order.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "einthoven/store/writer.h"

namespace einthoven::corpus {

/// One input after reading.
struct Ingested {
  std::string fault;  ///< reason of the quarantine, or empty
  store::RecordEntry entry;
  store::PackedSegments segments;
};

/// Of the whole store, also what an interrupted run had done.
struct IngestReport : store::Contents {
  double seconds = 0;  ///< of this run
};

/// Calls `read(i)` on `threads` threads for the inputs [writer.inputs_done(), count) and writes
/// what it returns in order; `taken(i)` is called after a good one, on the calling thread. Shows
/// progress under `title`. At the end the store is finished; what belongs to it but lies elsewhere
/// is written by `before_finish`, since a finished store is not made again.
IngestReport ingest(store::Writer& writer, const std::string& title, std::size_t count, int threads,
                    const std::function<Ingested(std::size_t)>& read,
                    const std::function<void(std::size_t)>& taken = nullptr,
                    const std::function<void()>& before_finish = nullptr);

}  // namespace einthoven::corpus
