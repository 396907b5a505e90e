// From a corpus to a packed store in one pass.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/corpus/checked.h"
#include "einthoven/corpus/corpus.h"
#include "einthoven/corpus/extract.h"
#include "einthoven/corpus/ingest.h"
#include "einthoven/corpus/prepare.h"

namespace einthoven::corpus {

struct PreprocessOptions {
  std::string corpus;  ///< see corpus_names()
  fs::path source;
  fs::path dest;         ///< the store; must not exist
  CorpusSource listing;  ///< but its folder, which is `source`; rate_hz 0: rules.rate_hz
  /// Annotated databases: recordings are cut into windows of this length with labels of their own;
  /// 0: not; nothing: windows as long as a segment.
  std::optional<double> window_seconds;
  LeadSelection leads;
  SegmentRules rules;
  MissingSamples missing = MissingSamples::zero;
  CheckPolicy checks = CheckPolicy::off;
  store::SampleType type = store::SampleType::float32;
  std::vector<std::string> datasets;  ///< keep these only; empty: all
  fs::path records_table;             ///< CSV with a column path that fixes order and selection
  fs::path fairseq_folder;            ///< also write the reference's layout here; empty: no
  std::vector<std::string> skipped;   ///< folders of that layout that are not written
  fs::path source_manifest;           ///< running table that fixes the first idx; empty: none
  std::string patient_salt;           ///< empty: the corpus name
  std::uint64_t shard_bytes = std::uint64_t{256} << 20;
  /// This run takes part `shard` (from 1) of `shards` equal stretches of the list; all parts are
  /// joined by store::merge_stores().
  std::int64_t shard = 1;
  std::int64_t shards = 1;
  int threads = 0;  ///< 0: all cores
};

/// "3/8" -> shard 3 of 8 in the options; usage error if it is not that.
void parse_shard(const std::string& text, PreprocessOptions& options);

/// Reads every recording, resamples, standardises, cuts and packs it; an unreadable one is
/// quarantined with its reason. Memory is bounded by the number of threads; the store is the same
/// for any number of them, and after an interruption the same call continues (not with a
/// fairseq_folder, which starts again). Quality notes go into the index.
IngestReport preprocess(const PreprocessOptions& options);

}  // namespace einthoven::corpus
