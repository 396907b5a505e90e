#include "einthoven/store/writer.h"

#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/file_lock.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/log.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/database.h"
#include "einthoven/store/index_digest.h"
#include "einthoven/store/partial.h"
#include "einthoven/store/schema.h"
#include "einthoven/store/shard.h"

namespace einthoven::store {
namespace {

std::string identity_of(const StoreLayout& layout) {
  return sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", join(layout.leads, ","),
                                layout.rate_hz, sample_type_name(layout.type),
                                layout.segment_samples, layout.shard_bytes, layout.patient_salt,
                                layout.options_json, layout.inputs_digest));
}

std::string read_setting(Database& index, std::string_view key) {
  Statement find = index.prepare("SELECT value FROM store WHERE key = ?");
  find.bind(key);
  return find.step() ? find.text(0) : std::string();
}

Bytes bytes_of(const std::vector<double>& values) {
  return std::as_bytes(std::span<const double>(values));
}

}  // namespace

std::string patient_key(std::string_view salt, std::string_view patient) {
  return sha256_hex(fmt::format("{}:{}", salt, patient)).substr(0, 16);
}

struct Writer::State {
  fs::path folder;
  fs::path partial;
  StoreLayout layout;
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Database> index;
  std::unique_ptr<ShardWriter> shard;
  std::map<std::string_view, Statement> statements;  ///< by their SQL
  std::int64_t shard_number = 0;
  std::int64_t row = 0;
  std::int64_t inputs = 0;

  void open();
  bool resume();
  void set(std::string_view key, std::string_view value);
  Statement& prepared(std::string_view sql);
  void describe();
  void close_shard();
  void add_record(const RecordEntry& record);
  void add_details(const RecordEntry& record);
  void add_segments(std::int64_t idx, const PackedSegments& segments);
};

void Writer::State::open() {
  if (folder.empty()) throw usage_error("dest: is empty");
  if (fs::exists(fs::symlink_status(folder)))  // a link that leads nowhere too
    throw usage_error(fmt::format("{}: exists already", folder.string()),
                      "a store is never changed in place: remove it or choose another name");
  lock = std::make_unique<FileLock>(lock_path(folder), "another run");
  if (layout.resumable && resume()) return;
  remove_partial(partial);
  fs::create_directories(partial);
  index = std::make_unique<Database>(partial / kWorkingIndex, Database::Mode::create);
  index->execute("BEGIN");
  index->execute(kSchema);
  describe();
  set("inputs_done", "0");
  index->execute("COMMIT; BEGIN");
}

bool Writer::State::resume() {
  if (!fs::exists(partial / kWorkingIndex)) return false;
  try {
    index = std::make_unique<Database>(partial / kWorkingIndex, Database::Mode::create);
    if (read_setting(*index, "version") != std::to_string(kFormatVersion) ||
        read_setting(*index, "identity") != identity_of(layout) ||
        read_setting(*index, "part") != layout.part) {
      index.reset();
      return false;
    }
  } catch (const Error&) {  // killed before the first commit
    index.reset();
    return false;
  }
  inputs = parse_int(read_setting(*index, "inputs_done")).value_or(0);
  Statement count =
      index->prepare("SELECT (SELECT count(*) FROM shards), (SELECT count(*) FROM segments)");
  count.step();
  shard_number = count.integer(0);
  row = count.integer(1);
  for (const auto& entry : fs::directory_iterator(partial))
    if (entry.path().filename().string().find(".tmp.") != std::string::npos)
      fs::remove(entry.path());
  log_info(fmt::format("{}: continuing after {} inputs", partial.string(), inputs));
  count.run();
  index->execute("BEGIN");
  return true;
}

void Writer::State::set(std::string_view key, std::string_view value) {
  Statement put = index->prepare("INSERT OR REPLACE INTO store VALUES (?, ?)");
  put.bind(key).bind(value).run();
}

/// For literals. To prepare a statement costs more than to insert a row by it.
Statement& Writer::State::prepared(std::string_view sql) {
  const auto found = statements.find(sql);
  if (found != statements.end()) return found->second;
  return statements.emplace(sql, index->prepare(sql)).first->second;
}

void Writer::State::describe() {
  set("format", kFormatName);
  set("version", std::to_string(kFormatVersion));
  set("identity", identity_of(layout));
  set("leads", nlohmann::ordered_json(layout.leads).dump());
  set("rate_hz", python_float(layout.rate_hz));
  set("dtype", sample_type_name(layout.type));
  set("segment_samples", std::to_string(layout.segment_samples));
  set("options", layout.options_json);
  if (layout.part.empty()) return;
  set("part", layout.part);
  set("part_of", identity_of(layout));
}

void Writer::State::close_shard() {
  if (shard) {
    shard->commit();
    const std::string file = shard_file_name("signals", shard_number);
    Statement add = index->prepare("INSERT INTO shards VALUES (?, ?, ?, ?, ?)");
    add.bind(shard_number).bind(file).bind(shard->digest());
    if (layout.type == SampleType::int16) {
      add.bind(shard_file_name("scales", shard_number)).bind(shard->scales_digest());
    } else {
      add.bind_null().bind_null();
    }
    add.run();
    shard.reset();
    ++shard_number;
  }
  set("inputs_done", std::to_string(inputs));
  index->execute("COMMIT; BEGIN");
}

void Writer::State::add_record(const RecordEntry& r) {
  Statement& add = prepared("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  add.bind(r.idx).bind(r.name).bind(r.source).bind(r.dataset).bind(r.path);
  if (r.patient.empty())
    add.bind_null();
  else
    add.bind(patient_key(layout.patient_salt, r.patient));
  add.bind(r.sample_rate).bind(r.sample_size);
  if (r.mean.empty())
    add.bind_null().bind_null();
  else
    add.bind_blob(bytes_of(r.mean)).bind_blob(bytes_of(r.deviation));
  add.bind(r.digest).run();
}

void Writer::State::add_details(const RecordEntry& r) {
  Statement& field = prepared("INSERT INTO fields VALUES (?, ?, ?)");
  for (const auto& [name, value] : r.fields) field.bind(r.idx).bind(name).bind(value).run();
  Statement& label = prepared("INSERT OR REPLACE INTO labels VALUES (?, ?, ?, ?)");
  for (const auto& l : r.labels) label.bind(r.idx).bind(l.kind).bind(l.name).bind(l.value).run();
  Statement& split = prepared("INSERT INTO splits VALUES (?, ?, ?)");
  for (const auto& [scheme, part] : r.splits) split.bind(scheme).bind(r.idx).bind(part).run();
  Statement& note = prepared("INSERT INTO notes VALUES (?, ?, ?)");
  for (std::size_t i = 0; i < r.notes.size(); ++i)
    note.bind(r.idx).bind(static_cast<std::int64_t>(i)).bind(r.notes[i]).run();
}

void Writer::State::add_segments(std::int64_t idx, const PackedSegments& segments) {
  if (segments.lengths.empty()) return;
  if (!shard)
    shard = std::make_unique<ShardWriter>(partial, shard_number, layout.type, layout.leads.size(),
                                          layout.segment_samples);
  std::int64_t position = shard->position();
  Statement& add = prepared("INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?)");
  for (std::size_t number = 0; number < segments.lengths.size(); ++number) {
    const std::int64_t length = segments.lengths[number];
    if (layout.segment_samples > 0 && length != layout.segment_samples)
      throw internal_error("segment of another length than the store's");
    add.bind(row++).bind(idx).bind(static_cast<std::int64_t>(number)).bind(shard_number);
    add.bind(position).bind(length).run();
    position +=
        layout.segment_samples > 0 ? 1 : length * static_cast<std::int64_t>(layout.leads.size());
  }
  shard->append(segments);
}

Writer::Writer(fs::path folder, StoreLayout layout) : state_(std::make_unique<State>()) {
  if (!folder.has_filename()) folder = folder.parent_path();  // "x.ecgstore/"
  state_->partial = partial_path(folder);
  state_->folder = std::move(folder);
  state_->layout = std::move(layout);
  state_->open();
}

Writer::~Writer() = default;

std::int64_t Writer::inputs_done() const { return state_->inputs; }

Contents Writer::contents() const {
  Statement count = state_->index->prepare(
      "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM segments),"
      " (SELECT count(*) FROM records WHERE idx NOT IN (SELECT idx FROM segments)),"
      " (SELECT count(*) FROM quarantine)");
  count.step();
  return {count.integer(0), count.integer(1), count.integer(2), count.integer(3)};
}

void Writer::append(const RecordEntry& record, const PackedSegments& segments) {
  State& s = *state_;
  s.add_record(record);
  s.add_details(record);
  s.add_segments(record.idx, segments);
  ++s.inputs;
  if (s.shard && s.shard->bytes() >= s.layout.shard_bytes) s.close_shard();
}

void Writer::quarantine(std::int64_t idx, std::string_view path, std::string_view reason) {
  Statement add = state_->index->prepare("INSERT INTO quarantine VALUES (?, ?, ?)");
  add.bind(idx).bind(path).bind(reason).run();
  ++state_->inputs;
}

void Writer::finish() {
  State& s = *state_;
  s.close_shard();
  s.index->execute("DELETE FROM store WHERE key IN ('inputs_done', 'identity')");
  s.index->execute("COMMIT");
  write_quarantine(*s.index, s.partial);
  write_compact_index(*s.index, s.partial / kIndexFile);
  write_index_digests(s.partial, {kIndexFile});
  s.statements.clear();
  s.index.reset();
  fs::remove(s.partial / kWorkingIndex);
  sync_folder(s.partial);
  rename_over(s.partial, s.folder);
}

}  // namespace einthoven::store
