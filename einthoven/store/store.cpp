#include "einthoven/store/store.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/npy.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/database.h"
#include "einthoven/store/index_digest.h"
#include "einthoven/store/sample_type.h"
#include "einthoven/store/schema.h"
#include "einthoven/store/shard.h"

namespace einthoven::store {
namespace {

struct Shard {
  fs::path file;
  std::string digest;
  MappedFile map;
  Bytes data;
  fs::path scales_file;
  std::string scales_digest;
  std::vector<float> scales;  ///< int16: [segments][leads]
};

struct Record {
  std::string name;
  std::int64_t idx = 0;
  std::string patient;
  std::string source;
  std::string dataset;
  std::size_t first_row = 0;
  std::size_t segments = 0;
};

struct Row {
  std::uint32_t record = 0;
  std::uint32_t number = 0;
  std::uint32_t shard = 0;
  std::uint32_t in_shard = 0;  ///< place among the segments of the shard
  std::uint64_t byte = 0;      ///< start in the data of the shard
  std::int64_t samples = 0;
};

/// Of what follows the header of an array; in version 1 SHA-256 of the whole file.
std::string digest_like(std::string_view known, const fs::path& file) {
  return known.starts_with("xxh128:") ? xxh128_file(file, kArrayHeaderBytes) : sha256_file(file);
}

void check_array(const fs::path& file, const std::string& digest) {
  const std::string found = digest_like(digest, file);
  if (found != digest)
    throw data_error(file.string(), "digest",
                     fmt::format("differs from the index (got {}, want {})", found, digest));
}

}  // namespace

struct Store::State {
  fs::path folder;
  std::vector<std::string> leads;
  double rate_hz = 0;
  SampleType type = SampleType::float32;
  std::string type_name;
  std::int64_t segment_samples = 0;
  std::vector<Shard> shards;
  std::vector<Record> records;
  std::vector<Row> rows;
  std::unordered_map<std::string_view, std::size_t> by_name;  ///< record name -> records

  std::string index_path() const { return (folder / kIndexFile).string(); }
  void load_settings(Database& index);
  void load_shards(Database& index);
  Shard open_shard(Statement& row) const;
  void load_records(Database& index);
  /// Checks a place against its shard.
  Row locate(std::int64_t shard, std::int64_t position, std::int64_t samples) const;
  void load_segments(Database& index);
  Bytes bytes(const Row& row) const;
};

void Store::State::load_settings(Database& index) {
  std::unordered_map<std::string, std::string> settings;
  Statement all = index.prepare("SELECT key, value FROM store");
  while (all.step()) settings[all.text(0)] = all.text(1);
  if (settings["format"] != kFormatName)
    throw data_error(
        index_path(), "format",
        fmt::format("not a store (got \"{}\", want \"{}\")", settings["format"], kFormatName));
  const auto version = parse_int(settings["version"]).value_or(0);
  if (version < 1 || version > kFormatVersion)
    throw data_error(index_path(), "version",
                     fmt::format("is not supported (got {}, want 1 to {})", settings["version"],
                                 kFormatVersion));
  const auto names = nlohmann::ordered_json::parse(settings["leads"], nullptr, false);
  if (!names.is_array() || names.empty()) throw data_error(index_path(), "leads", "no list");
  for (const auto& name : names) leads.push_back(name.is_string() ? name.get<std::string>() : "");
  rate_hz = parse_double(settings["rate_hz"]).value_or(0);
  type_name = settings["dtype"];
  type = parse_sample_type(type_name);
  segment_samples = parse_int(settings["segment_samples"]).value_or(-1);
  if (!(rate_hz > 0) || segment_samples < 0)
    throw data_error(index_path(), "rate_hz, segment_samples", "not valid numbers");
}

Shard Store::State::open_shard(Statement& row) const {
  const fs::path file = folder / fs::path(row.text(1)).filename();
  Shard shard{file, row.text(2), MappedFile(file), {}, {}, {}, {}};
  const NpyHeader header = parse_npy_header(shard.map.bytes(), file.string());
  const bool flat = segment_samples == 0;
  const bool shape_fits = flat ? header.shape.size() == 1
                               : header.shape.size() == 3 &&
                                     header.shape[1] == static_cast<std::int64_t>(leads.size()) &&
                                     header.shape[2] == segment_samples;
  if (header.fortran_order || !shape_fits || header.dtype != sample_type_dtype(type))
    throw data_error(file.string(), "array", "type or shape disagree with the index");
  shard.data = shard.map.bytes().subspan(
      header.data_offset, static_cast<std::size_t>(header.count()) * sample_bytes(type));
  if (type == SampleType::int16) {
    shard.scales_file = folder / fs::path(row.text(3)).filename();
    shard.scales_digest = row.text(4);
    shard.scales = read_npy(shard.scales_file).as_float();
  }
  return shard;
}

void Store::State::load_shards(Database& index) {
  Statement all = index.prepare("SELECT * FROM shards ORDER BY shard");
  while (all.step()) {
    if (all.integer(0) != static_cast<std::int64_t>(shards.size()))
      throw data_error(index_path(), "shards", "numbers are not consecutive");
    shards.push_back(open_shard(all));
  }
}

void Store::State::load_records(Database& index) {
  Statement all =
      index.prepare("SELECT name, idx, patient, source, dataset FROM records ORDER BY idx");
  while (all.step()) {
    Record record{all.text(0), all.integer(1), all.text(2), all.text(3), all.text(4), 0, 0};
    if (record.patient.empty()) record.patient = record.name;
    records.push_back(std::move(record));
  }
  for (std::size_t i = 0; i < records.size(); ++i) by_name[records[i].name] = i;
}

Row Store::State::locate(std::int64_t shard, std::int64_t position, std::int64_t samples) const {
  const auto fail = [&](std::string_view problem) {
    throw data_error(index_path(), fmt::format("segments, row {}", rows.size()), problem);
  };
  if (shard < 0 || shard >= static_cast<std::int64_t>(shards.size())) fail("no such shard");
  if (segment_samples > 0 ? samples != segment_samples : samples <= 0) fail("wrong length");
  const Shard& home = shards[static_cast<std::size_t>(shard)];
  const std::uint64_t elements = home.data.size() / sample_bytes(type);
  const std::uint64_t unit =
      segment_samples > 0 ? leads.size() * static_cast<std::uint64_t>(segment_samples) : 1;
  if (position < 0 || static_cast<std::uint64_t>(position) >= elements / unit ||
      static_cast<std::uint64_t>(samples) >
          (elements - static_cast<std::uint64_t>(position) * unit) / leads.size())
    fail("beyond its shard");
  Row row;
  row.shard = static_cast<std::uint32_t>(shard);
  row.byte = static_cast<std::uint64_t>(position) * unit * sample_bytes(type);
  row.samples = samples;
  return row;
}

void Store::State::load_segments(Database& index) {
  Statement all = index.prepare(
      "SELECT r.name, s.number, s.shard, s.position, s.samples FROM segments s "
      "LEFT JOIN records r ON r.idx = s.idx ORDER BY s.row");
  std::vector<std::uint32_t> used(shards.size(), 0);
  while (all.step()) {
    Row row = locate(all.integer(2), all.integer(3), all.integer(4));
    row.number = static_cast<std::uint32_t>(all.integer(1));
    row.in_shard = used[row.shard]++;
    const auto record = by_name.find(all.text(0));
    const bool scaled = type != SampleType::int16 ||
                        (row.in_shard + 1) * leads.size() <= shards[row.shard].scales.size();
    if (record == by_name.end() || !scaled)
      throw data_error(index_path(), fmt::format("segments, row {}", rows.size()),
                       scaled ? "names a record that is not there" : "has no scales");
    row.record = static_cast<std::uint32_t>(record->second);
    Record& owner = records[row.record];
    if (owner.segments == 0) owner.first_row = rows.size();
    if (row.number != owner.segments || owner.first_row + row.number != rows.size())
      throw data_error(index_path(), fmt::format("segments, row {}", rows.size()),
                       "segments of a record are not consecutive");
    ++owner.segments;
    rows.push_back(row);
  }
}

Bytes Store::State::bytes(const Row& row) const {
  return shards[row.shard].data.subspan(
      row.byte, static_cast<std::size_t>(row.samples) * leads.size() * sample_bytes(type));
}

Store::Store(const fs::path& folder) : state_(std::make_unique<State>()) {
  if (!is_store(folder))
    throw data_error(folder.string(), "store", fmt::format("no {} in this folder", kIndexFile));
  state_->folder = folder;
  Database index(folder / kIndexFile, Database::Mode::read_only);
  state_->load_settings(index);
  state_->load_shards(index);
  state_->load_records(index);
  state_->load_segments(index);
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

std::size_t Store::size() const { return state_->rows.size(); }
const fs::path& Store::folder() const { return state_->folder; }
const std::vector<std::string>& Store::leads() const { return state_->leads; }
double Store::rate_hz() const { return state_->rate_hz; }
const std::string& Store::dtype() const { return state_->type_name; }

SegmentInfo Store::segment(std::size_t i) const {
  const Row& row = state_->rows.at(i);
  const Record& record = state_->records[row.record];
  return {record.name,    record.idx,    row.number,    row.samples,
          record.patient, record.source, record.dataset};
}

std::optional<std::size_t> Store::find(std::string_view record, std::int64_t number) const {
  const auto found = state_->by_name.find(record);
  if (found == state_->by_name.end()) return std::nullopt;
  const Record& owner = state_->records[found->second];
  if (number < 0 || static_cast<std::size_t>(number) >= owner.segments) return std::nullopt;
  return owner.first_row + static_cast<std::size_t>(number);
}

std::size_t Store::row_of(std::string_view key) const {
  const std::size_t colon = key.rfind(':');
  std::optional<std::size_t> row;
  if (colon != std::string_view::npos)
    if (const auto number = parse_int(key.substr(colon + 1)))
      row = find(key.substr(0, colon), *number);
  if (!row)
    throw data_error(state_->folder.string(), "segment", fmt::format("no segment \"{}\"", key));
  return *row;
}

void Store::read(std::size_t i, std::span<float> out) const {
  const Row& row = state_->rows.at(i);
  std::span<const float> scales;
  if (state_->type == SampleType::int16)
    scales = std::span<const float>(state_->shards[row.shard].scales)
                 .subspan(row.in_shard * state_->leads.size(), state_->leads.size());
  unpack_segment(state_->type, state_->bytes(row), scales, out);
}

std::span<const float> Store::view(std::size_t i) const {
  if (state_->type != SampleType::float32) return {};
  const Bytes bytes = state_->bytes(state_->rows.at(i));
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

void Store::verify() const {
  for (const Shard& shard : state_->shards) {
    check_array(shard.file, shard.digest);
    if (!shard.scales_file.empty()) check_array(shard.scales_file, shard.scales_digest);
  }
  verify_index(state_->folder);
}

bool is_store(const fs::path& folder) { return fs::is_regular_file(folder / kIndexFile); }

std::string segment_key(std::string_view record, std::int64_t number) {
  return fmt::format("{}:{}", record, number);
}

}  // namespace einthoven::store
