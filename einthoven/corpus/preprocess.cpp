#include "einthoven/corpus/preprocess.h"

#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/parallel.h"
#include "einthoven/base/progress.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/corpus.h"
#include "einthoven/corpus/fairseq_export.h"
#include "einthoven/corpus/naming.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {
namespace {

/// What a worker hands to the writer.
struct Outcome {
  std::string fault;  ///< reason of the quarantine, or empty
  store::RecordEntry entry;
  store::PackedSegments segments;
  std::optional<ExportedRecord> exported;
};

Corpus select_records(const PreprocessOptions& options) {
  Corpus corpus = open_corpus(options.corpus, options.source, options.source_rate_hz);
  if (!options.records_table.empty()) {
    const CsvTable table = read_csv(options.records_table);
    const std::size_t column = table.column("path");
    std::vector<std::string> paths;
    for (const auto& row : table.rows) paths.push_back(row[column]);
    reorder_records(corpus, paths);
  }
  if (!options.datasets.empty()) keep_datasets(corpus, options.datasets);
  std::vector<std::string> paths;
  for (const auto& record : corpus.records) paths.push_back(record.entry.path);
  const auto names = record_names(paths, corpus.name + "_", !options.fairseq_folder.empty());
  for (std::size_t i = 0; i < names.size(); ++i) corpus.records[i].entry.name = names[i];
  return corpus;
}

std::string options_json(const PreprocessOptions& o) {
  static constexpr const char* kStrategies[] = {"zero", "nan", "constant"};
  const nlohmann::ordered_json json = {
      {"corpus", o.corpus},
      {"rate_hz", o.rules.rate_hz},
      {"segment_seconds", o.rules.segment_seconds},
      {"standardised", o.rules.standardise},
      {"constant_lead", kStrategies[static_cast<std::size_t>(o.rules.constant_lead)]},
      {"missing", o.missing == MissingSamples::zero ? "zero" : "nan"},
      {"exact_lead_names", o.leads.exact},
      {"source_rate_hz", o.source_rate_hz},
      {"datasets", o.datasets}};
  return json.dump();
}

std::string inputs_digest(const Corpus& corpus) {
  Sha256 hash;
  for (const auto& record : corpus.records)
    hash.update(as_bytes(fmt::format("{}\n{}\n", record.entry.path, record.entry.idx)));
  return hash.hex();
}

store::StoreLayout layout_of(const PreprocessOptions& options, const Corpus& corpus) {
  store::StoreLayout layout;
  layout.leads = options.leads.names;
  layout.rate_hz = options.rules.rate_hz;
  layout.type = options.type;
  layout.segment_samples = options.rules.segment_samples();
  layout.shard_bytes = options.shard_bytes;
  layout.patient_salt = options.patient_salt.empty() ? corpus.name : options.patient_salt;
  layout.options_json = options_json(options);
  layout.inputs_digest = inputs_digest(corpus);
  layout.resumable = options.fairseq_folder.empty();  // its tables need every recording
  return layout;
}

void complete_entry(store::RecordEntry& entry, const Extract& extract, const Prepared& prepared) {
  entry.sample_rate = extract.rate_hz;
  entry.sample_size = extract.length;
  entry.mean = prepared.mean;
  entry.deviation = prepared.deviation;
  entry.sha256 = sha256_hex(std::as_bytes(std::span<const double>(extract.samples)));
  entry.notes.insert(entry.notes.end(), extract.notes.begin(), extract.notes.end());
}

void note_quality(store::RecordEntry& entry, const Extract& extract, const LeadSelection& leads) {
  for (std::size_t l = 0; l < extract.leads(); ++l) {
    const auto lead = extract.lead(l);
    std::size_t missing = 0;
    for (const double x : lead) missing += x != x ? 1 : 0;
    if (missing == lead.size())
      entry.notes.push_back(fmt::format("lead {}: absent", leads.names[l]));
    else if (missing > 0)
      entry.notes.push_back(fmt::format("lead {}: {} invalid samples", leads.names[l], missing));
    else if (signal::is_constant(lead))
      entry.notes.push_back(fmt::format("lead {}: constant", leads.names[l]));
  }
}

Outcome process(const SourceRecord& record, const PreprocessOptions& options, bool comments,
                const FairseqExport* fairseq) {
  Outcome outcome;
  outcome.entry = record.entry;
  Extract extract;
  Prepared prepared;
  try {
    extract = extract_record(record.file, options.leads);
    prepared = prepare(extract, options.rules);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) throw;
    outcome.fault = error.message();
    return outcome;
  }
  if (comments) read_challenge_comments(extract.comments, outcome.entry);
  complete_entry(outcome.entry, extract, prepared);
  note_quality(outcome.entry, extract, options.leads);
  outcome.segments = pack(prepared, extract, options.rules, options.missing, options.type);
  if (outcome.segments.lengths.empty())
    outcome.entry.notes.emplace_back("shorter than one segment");
  if (fairseq != nullptr) outcome.exported = fairseq->write(record, extract, prepared);
  return outcome;
}

/// Takes the outcomes in order.
class Collector {
 public:
  Collector(store::Writer& writer, FairseqExport* fairseq, Progress& progress)
      : writer_(writer), fairseq_(fairseq), progress_(progress) {}

  void take(Outcome outcome) {
    progress_.add();
    if (!outcome.fault.empty()) {
      writer_.quarantine(outcome.entry.idx, outcome.entry.path, outcome.fault);
      progress_.note(fmt::format("{} quarantined", ++report.quarantined));
      return;
    }
    writer_.append(outcome.entry, outcome.segments);
    if (fairseq_ != nullptr) fairseq_->add(std::move(*outcome.exported));
    ++report.records;
    report.segments += static_cast<std::int64_t>(outcome.segments.lengths.size());
    report.too_short += outcome.segments.lengths.empty() ? 1 : 0;
  }

  PreprocessReport report;

 private:
  store::Writer& writer_;
  FairseqExport* fairseq_;
  Progress& progress_;
};

}  // namespace

PreprocessReport preprocess(const PreprocessOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Corpus corpus = select_records(options);
  const store::StoreLayout layout = layout_of(options, corpus);
  store::Writer writer(options.dest, layout);
  std::unique_ptr<FairseqExport> fairseq;
  if (!options.fairseq_folder.empty())
    fairseq = std::make_unique<FairseqExport>(options.fairseq_folder, corpus, options.leads,
                                              options.rules, layout.patient_salt);
  const auto first = static_cast<std::size_t>(writer.inputs_done());
  const std::size_t count = corpus.records.size() - first;
  const int threads = thread_count(options.threads);
  Progress progress("preprocess", static_cast<std::int64_t>(count));
  Collector collector(writer, fairseq.get(), progress);
  std::vector<std::unique_ptr<Outcome>> outcomes(count);
  ordered_pipeline(
      count, threads, 4 * static_cast<std::size_t>(threads),
      [&](std::size_t i) {
        outcomes[i] = std::make_unique<Outcome>(
            process(corpus.records[first + i], options, corpus.challenge_headers, fairseq.get()));
      },
      [&](std::size_t i) {
        collector.take(std::move(*outcomes[i]));
        outcomes[i].reset();
      });
  progress.finish();
  if (fairseq) fairseq->finish();
  writer.finish();
  collector.report.resumed_after = static_cast<std::int64_t>(first);
  collector.report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return collector.report;
}

}  // namespace einthoven::corpus
