#include "einthoven/corpus/preprocess.h"

#include <fmt/core.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/corpus.h"
#include "einthoven/corpus/fairseq_export.h"
#include "einthoven/corpus/naming.h"
#include "einthoven/corpus/pack_integers.h"
#include "einthoven/corpus/source_manifest.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {
namespace {

/// Names and idx are those of the undivided list.
void keep_shard(Corpus& corpus, const PreprocessOptions& options) {
  const auto count = static_cast<std::int64_t>(corpus.records.size());
  const auto end = [&](std::int64_t shard) { return count * shard / options.shards; };
  corpus.records.erase(corpus.records.begin() + end(options.shard), corpus.records.end());
  corpus.records.erase(corpus.records.begin(), corpus.records.begin() + end(options.shard - 1));
}

Corpus select_records(const PreprocessOptions& options) {
  CorpusSource where = options.listing;
  where.folder = options.source;
  if (where.rate_hz == 0) where.rate_hz = options.rules.rate_hz;
  where.window_s = options.window_seconds.value_or(options.rules.segment_seconds);
  Corpus corpus = open_corpus(options.corpus, where);
  const auto& told = options.listing.reading;
  const auto& heard = corpus.reading;
  if (told.rate_hz != heard.rate_hz || told.gain_adu_per_mv != heard.gain_adu_per_mv ||
      told.leads != heard.leads)
    throw usage_error("file-rate, file-gain, file-leads: recordings of " + options.corpus +
                          " say these themselves",
                      "they are for corpora whose files may lack them, e.g. folder");
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
  const bool exports = !options.fairseq_folder.empty();
  // files of the reference's MUSE script have no prefix
  const std::string prefix = exports ? corpus.export_name + "_" : corpus.name + "_";
  auto names = record_names(paths, prefix == "uhn_" ? "" : prefix, exports);
  const std::int64_t first =
      options.source_manifest.empty() ? 0 : next_idx(options.source_manifest);
  for (std::size_t i = 0; i < names.size(); ++i) {
    corpus.records[i].entry.name = std::move(names[i]);
    corpus.records[i].entry.idx += first;
  }
  return corpus;
}

std::string options_json(const PreprocessOptions& o) {
  static constexpr const char* kStrategies[] = {"zero", "nan", "constant"};
  const auto& normalise = o.rules.normalise;
  const nlohmann::ordered_json json = {
      {"corpus", o.corpus},
      {"rate_hz", o.rules.rate_hz},
      {"segment_seconds", o.rules.segment_seconds},
      {"stride_seconds", o.rules.stride_seconds},
      {"filters", o.rules.filters.names()},
      {"resampling", signal::resampling_name(o.rules.resampling)},
      {"standardised", normalise.kind != signal::Normalisation::off},
      {"normalise", signal::normalisation_name(normalise.kind)},
      {"normalise_epsilon", normalise.epsilon},
      {"constant_lead", kStrategies[static_cast<std::size_t>(normalise.constant_lead)]},
      {"missing", o.missing == MissingSamples::zero ? "zero" : "nan"},
      {"checks", check_policy_name(o.checks)},
      {"exact_lead_names", o.leads.exact},
      {"source_rate_hz", o.listing.rate_hz},
      {"datasets", o.datasets}};
  return json.dump();
}

/// What tables say of a recording, as text.
std::string statements_of(const store::RecordEntry& entry) {
  std::string text = entry.patient + '\n';
  for (const auto& [name, value] : entry.fields) text += fmt::format("{}={}\n", name, value);
  for (const auto& [scheme, part] : entry.splits) text += fmt::format("{}/{}\n", scheme, part);
  for (const auto& label : entry.labels)
    text += fmt::format("{}:{}={}\n", label.kind, label.name, label.value);
  return text;
}

std::string inputs_digest(const Corpus& corpus) {
  Sha256 hash;
  for (const auto& record : corpus.records)
    hash.update(as_bytes(fmt::format("{}\n{}\n{}", record.entry.path, record.entry.idx,
                                     statements_of(record.entry))));
  return hash.hex();
}

store::StoreLayout layout_of(const PreprocessOptions& options, const Corpus& corpus) {
  store::StoreLayout layout;
  layout.leads = options.leads.names;
  layout.rate_hz = options.rules.rate_hz;
  layout.type = options.type;
  layout.segment_samples = options.rules.grid().samples;
  layout.shard_bytes = options.shard_bytes;
  layout.patient_salt = options.patient_salt.empty() ? corpus.name : options.patient_salt;
  layout.options_json = options_json(options);
  if (options.shards > 1) layout.part = fmt::format("{}/{}", options.shard, options.shards);
  layout.inputs_digest = inputs_digest(corpus);
  layout.resumable = options.fairseq_folder.empty();  // its tables need every recording
  return layout;
}

void complete_entry(store::RecordEntry& entry, const Extract& extract) {
  entry.sample_rate = extract.rate_hz;
  entry.sample_size = extract.length;
  entry.digest = extract.digest;
  entry.notes.insert(entry.notes.end(), extract.notes.begin(), extract.notes.end());
}

void note_quality(store::RecordEntry& entry, const Extract& extract, const LeadSelection& leads) {
  for (std::size_t l = 0; l < extract.leads(); ++l) {
    const auto lead = extract.lead(l);
    const std::size_t missing = signal::count_nan(lead);
    if (missing == lead.size())
      entry.notes.push_back(fmt::format("lead {}: absent", leads.names[l]));
    else if (missing > 0)
      entry.notes.push_back(fmt::format("lead {}: {} invalid samples", leads.names[l], missing));
    else if (signal::is_constant(lead))
      entry.notes.push_back(fmt::format("lead {}: constant", leads.names[l]));
  }
}

/// True if the integers of a file may go into the store as they are.
bool takes_integers(const PreprocessOptions& options) {
  return options.type == store::SampleType::int16 && options.checks == CheckPolicy::off &&
         options.fairseq_folder.empty() && can_pack_integers(options.rules);
}

Extract read_samples(const Corpus& corpus, const SourceRecord& record,
                     const PreprocessOptions& options) {
  format::ReadOptions reading = corpus.reading;
  reading.from_s = record.from_s;
  reading.to_s = record.to_s;
  const fs::path file =
      record.file.empty() ? corpus.root / record.entry.path : fs::path(record.file);
  const SampleKind kind =
      takes_integers(options) ? SampleKind::digital_if_plain : SampleKind::physical;
  return corpus.any_format ? extract_file(file, options.leads, reading, kind)
                           : extract_record(file, options.leads, reading, kind);
}

using Export = std::function<void(const store::RecordEntry&, const Extract&, const Prepared&)>;

/// `also_write` may be empty. What it throws ends the run; a fault of the recording does not.
Ingested process(const Corpus& corpus, std::size_t i, const PreprocessOptions& options,
                 const Export& also_write) {
  Ingested input;
  input.entry = corpus.records[i].entry;
  Extract extract;
  std::optional<Prepared> prepared;
  try {
    extract = read_samples(corpus, corpus.records[i], options);
    if (corpus.describe) corpus.describe(extract, input.entry);
    for (std::string& note : apply_checks(extract, options.leads, options.checks, input.entry.path))
      input.entry.notes.push_back(std::move(note));
    auto packed = pack_integers(extract, options.rules);
    if (!packed) {
      extract.make_physical();
      prepared = prepare(extract, options.rules);
      packed = {pack(*prepared, extract, options.rules, options.missing, options.type),
                prepared->mean, prepared->deviation};
    }
    input.segments = std::move(packed->segments);
    input.entry.mean = std::move(packed->mean);
    input.entry.deviation = std::move(packed->deviation);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) throw;
    input.fault = error.message();
    input.segments = {};
    return input;
  }
  complete_entry(input.entry, extract);
  if (prepared) note_quality(input.entry, extract, options.leads);  // integers packed have no fault
  if (input.segments.lengths.empty()) input.entry.notes.emplace_back("shorter than one segment");
  if (also_write) also_write(input.entry, extract, *prepared);
  return input;
}

IngestReport write_store(const PreprocessOptions& options) {
  if (options.shards > 1 && !options.fairseq_folder.empty())
    throw usage_error("export: its tables need every recording, so it does not go with --shard");
  if (options.shards > 1 && !options.source_manifest.empty())
    throw usage_error("manifest-file: does not go with --shard, whose parts run side by side");
  Corpus corpus = select_records(options);
  const store::StoreLayout layout = layout_of(options, corpus);
  keep_shard(corpus, options);
  store::Writer writer(options.dest, layout);
  if (options.fairseq_folder.empty())
    return ingest(writer, "preprocess", corpus.records.size(), options.threads,
                  [&](std::size_t i) { return process(corpus, i, options, nullptr); });

  FairseqExport fairseq(options.fairseq_folder, corpus, options.leads, options.rules,
                        layout.patient_salt, options.skipped);
  std::vector<ExportedRecord> exported(corpus.records.size());
  return ingest(
      writer, "preprocess", corpus.records.size(), options.threads,
      [&](std::size_t i) {
        return process(corpus, i, options,
                       [&](const auto& entry, const auto& extract, const auto& prepared) {
                         exported[i] = fairseq.write(entry, extract, prepared);
                       });
      },
      [&](std::size_t i) { fairseq.add(std::move(exported[i])); }, [&] { fairseq.finish(); });
}

}  // namespace

void parse_shard(const std::string& text, PreprocessOptions& options) {
  const std::size_t slash = text.find('/');
  const auto shard = parse_int(text.substr(0, slash));
  const auto shards = slash == std::string::npos ? shard : parse_int(text.substr(slash + 1));
  if (slash == std::string::npos || !shard || !shards || *shard < 1 || *shard > *shards ||
      *shards > 100'000)
    throw usage_error(fmt::format("shard: is not I/N with I from 1 to N (got \"{}\")", text),
                      "for Slurm: --array=1-N and --shard $SLURM_ARRAY_TASK_ID/N");
  options.shard = *shard;
  options.shards = *shards;
}

IngestReport preprocess(const PreprocessOptions& options) {
  const IngestReport report = write_store(options);
  if (!options.source_manifest.empty())
    add_to_source_manifest(options.source_manifest, options.dest, options.source);
  return report;
}

}  // namespace einthoven::corpus
