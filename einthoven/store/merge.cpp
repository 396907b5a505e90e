#include "einthoven/store/merge.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/base/file_lock.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/database.h"
#include "einthoven/store/index_digest.h"
#include "einthoven/store/partial.h"
#include "einthoven/store/schema.h"
#include "einthoven/store/shard.h"
#include "einthoven/store/store.h"

namespace einthoven::store {
namespace {

constexpr const char* kNextIndex = "index.next.sqlite";

using Settings = std::map<std::string, std::string>;

/// What must be the same in all stores that are joined.
constexpr const char* kSharedSettings[] = {"format", "leads", "rate_hz", "dtype",
                                           "segment_samples"};
constexpr const char* kSharedOptions[] = {"standardised", "normalise", "normalise_epsilon",
                                          "constant_lead"};

/// A store to be read, with what decides about its place.
struct Source {
  fs::path folder;
  Settings settings;
  std::int64_t first_idx = 0;
  std::int64_t last_idx = -1;

  std::string setting(const std::string& key) const {
    const auto found = settings.find(key);
    return found == settings.end() ? std::string() : found->second;
  }
};

Settings read_settings(Database& index) {
  Settings settings;
  Statement all = index.prepare("SELECT key, value FROM store");
  while (all.step()) settings[all.text(0)] = all.text(1);
  return settings;
}

Source open_source(const fs::path& folder) {
  const Store checked(folder);  // index and arrays agree
  Database index(folder / kIndexFile, Database::Mode::read_only);
  Source source{folder, read_settings(index), 0, -1};
  Statement range = index.prepare(
      "SELECT min(idx), max(idx) FROM (SELECT idx FROM records UNION ALL SELECT idx FROM "
      "quarantine)");
  if (range.step() && !range.is_null(0)) {
    source.first_idx = range.integer(0);
    source.last_idx = range.integer(1);
  }
  return source;
}

nlohmann::ordered_json options_of(const Source& source) {
  auto options = nlohmann::ordered_json::parse(source.setting("options"), nullptr, false);
  return options.is_object() ? options : nlohmann::ordered_json::object();
}

void require_alike(const Source& first, const Source& other) {
  const auto compare = [&](const std::string& what, const std::string& a, const std::string& b) {
    if (a != b)
      throw data_error(
          other.folder.string(), what,
          fmt::format("differs from that of {} (got {}, want {})", first.folder.string(), b, a));
  };
  for (const char* key : kSharedSettings) compare(key, first.setting(key), other.setting(key));
  const auto a = options_of(first), b = options_of(other);
  for (const char* key : kSharedOptions)
    if (a.contains(key) && b.contains(key)) compare(key, a[key].dump(), b[key].dump());
}

/// Parts "3/8" must be of one run and there once each; stores that are no parts are left alone.
bool are_parts(const std::vector<Source>& sources) {
  std::set<std::string> have;
  std::int64_t of = 0;
  for (const Source& source : sources) {
    const std::string part = source.setting("part");
    const std::size_t slash = part.find('/');
    if (slash == std::string::npos) return false;
    if (source.setting("part_of") != sources[0].setting("part_of"))
      throw data_error(
          source.folder.string(), "part",
          fmt::format("{} is of another preprocessing than {}", part, sources[0].folder.string()));
    of = std::max(of, parse_int(part.substr(slash + 1)).value_or(0));
    if (!have.insert(part).second)
      throw data_error(source.folder.string(), "part", fmt::format("{} is there twice", part));
  }
  std::vector<std::string> missing;
  for (std::int64_t i = 1; i <= std::min<std::int64_t>(of, 100'000); ++i)
    if (!have.contains(fmt::format("{}/{}", i, of))) missing.push_back(fmt::format("{}/{}", i, of));
  if (!missing.empty())
    throw data_error(sources[0].folder.string(), "part",
                     fmt::format("of one preprocessing, but not all are here (missing: {})",
                                 join(missing, ", ")));
  return true;
}

/// Options on which all agree, and the different ones in a list "merged".
std::string join_options(const std::vector<nlohmann::ordered_json>& all) {
  if (std::all_of(all.begin(), all.end(), [&](const auto& o) { return o == all[0]; }))
    return all[0].dump();
  nlohmann::ordered_json joined = nlohmann::ordered_json::object();
  for (const auto& [key, value] : all[0].items()) {
    const std::string& name = key;
    const auto& wanted = value;
    if (name != "merged" && std::all_of(all.begin(), all.end(), [&](const auto& o) {
          return o.contains(name) && o[name] == wanted;
        }))
      joined[name] = wanted;
  }
  for (const auto& options : all) {
    if (options.contains("merged"))
      for (const auto& inner : options["merged"]) joined["merged"].push_back(inner);
    else
      joined["merged"].push_back(options);
  }
  return joined.dump();
}

void place_file(const fs::path& from, const fs::path& to, bool link) {
  std::error_code error;
  fs::remove(to, error);  // left over from an interrupted append
  if (link) {
    fs::create_hard_link(from, to, error);
    if (!error) return;
  }
  AtomicFile file(to);
  const MappedFile map(from);
  file.write(map.bytes());
  file.commit();
}

/// An index that grows by whole stores; arrays go to the folder beside it.
class Joiner {
 public:
  Joiner(Database& index, fs::path folder, const MergeOptions& options)
      : index_(index), folder_(std::move(folder)), options_(options) {}

  void add(const Source& source);
  const MergeReport& report() const { return report_; }

 private:
  std::int64_t number(std::string_view sql) {
    Statement one = index_.prepare(sql);
    one.step();
    return one.integer(0);
  }
  std::int64_t shift_of(const Source& source);
  void require_new_names(const Source& source);
  void add_shards(const Source& source, std::int64_t first);
  void add_rows(std::int64_t shift, std::int64_t first_shard);

  Database& index_;
  fs::path folder_;
  MergeOptions options_;
  MergeReport report_;
};

/// 0 where all idx of the source are free.
std::int64_t Joiner::shift_of(const Source& source) {
  const std::int64_t next = number(
      "SELECT ifnull(max(idx) + 1, 0) FROM (SELECT idx FROM main.records UNION ALL SELECT idx FROM "
      "main.quarantine)");
  return source.first_idx >= next ? 0 : next - source.first_idx;
}

void Joiner::require_new_names(const Source& source) {
  Statement twice = index_.prepare(
      "SELECT name FROM other.records WHERE name IN (SELECT name FROM main.records) LIMIT 1");
  if (twice.step())
    throw data_error(source.folder.string(), "records",
                     fmt::format("\"{}\" is in another of the stores too", twice.text(0)));
}

void Joiner::add_shards(const Source& source, std::int64_t first) {
  std::vector<std::pair<std::string, std::string>> files;
  {
    Statement all = index_.prepare("SELECT * FROM other.shards ORDER BY shard");
    Statement put = index_.prepare("INSERT INTO main.shards VALUES (?, ?, ?, ?, ?)");
    while (all.step()) {
      const std::int64_t shard = first + all.integer(0);
      files.emplace_back(all.text(1), shard_file_name("signals", shard));
      put.bind(shard).bind(files.back().second).bind(all.text(2));
      if (all.is_null(3)) {
        put.bind_null().bind_null();
      } else {
        files.emplace_back(all.text(3), shard_file_name("scales", shard));
        put.bind(files.back().second).bind(all.text(4));
      }
      put.run();
    }
  }
  for (const auto& [from, to] : files)
    place_file(source.folder / fs::path(from).filename(), folder_ / to, options_.link);
}

void Joiner::add_rows(std::int64_t shift, std::int64_t first_shard) {
  const std::int64_t first_row = number("SELECT ifnull(max(row) + 1, 0) FROM main.segments");
  index_.execute(fmt::format(
      "WITH r (idx, name, source, dataset, path, patient, sample_rate, sample_size, mean, std, "
      "digest) AS (SELECT * FROM other.records) "
      "INSERT INTO main.records SELECT idx + {0}, name, source, dataset, path, patient, "
      "sample_rate, sample_size, mean, std, digest FROM r ORDER BY idx;"
      "INSERT INTO main.segments SELECT row + {1}, idx + {0}, number, shard + {2}, position, "
      "samples FROM other.segments ORDER BY row;"
      "INSERT INTO main.fields SELECT idx + {0}, name, value FROM other.fields;"
      "INSERT INTO main.labels SELECT idx + {0}, kind, name, value FROM other.labels;"
      "INSERT INTO main.splits SELECT scheme, idx + {0}, split FROM other.splits;"
      "INSERT INTO main.notes SELECT idx + {0}, position, note FROM other.notes;"
      "INSERT INTO main.quarantine SELECT idx + {0}, path, reason FROM other.quarantine;",
      shift, first_row, first_shard));
}

void Joiner::add(const Source& source) {
  {
    Statement attach = index_.prepare("ATTACH ? AS other");
    attach.bind((source.folder / kIndexFile).string()).run();
  }
  require_new_names(source);
  const std::int64_t shift = shift_of(source);
  const std::int64_t first_shard = number("SELECT count(*) FROM main.shards");
  index_.execute("BEGIN");
  add_shards(source, first_shard);
  add_rows(shift, first_shard);
  index_.execute("COMMIT");
  report_.records += number("SELECT count(*) FROM other.records");
  report_.segments += number("SELECT count(*) FROM other.segments");
  report_.renumbered += shift != 0 ? 1 : 0;
  index_.execute("DETACH other");
}

void set(Database& index, std::string_view key, std::string_view value) {
  Statement put = index.prepare("INSERT OR REPLACE INTO store VALUES (?, ?)");
  put.bind(key).bind(value).run();
}

/// The kind of a digest is in its text, so old ones stay as they are.
void to_this_version(Database& index, const Source& source) {
  if (source.setting("version") == "1")
    index.execute(
        "ALTER TABLE shards RENAME COLUMN sha256 TO digest;"
        "ALTER TABLE shards RENAME COLUMN scales_sha256 TO scales_digest;"
        "ALTER TABLE records RENAME COLUMN sha256 TO digest;");
  set(index, "version", std::to_string(kFormatVersion));
}

/// A file that is gone when the scope ends, however it ends.
struct Temporary {
  fs::path path;
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

std::vector<Source> open_sources(std::span<const fs::path> folders) {
  if (folders.empty()) throw usage_error("store: no source given");
  std::vector<Source> sources;
  for (const fs::path& folder : folders) sources.push_back(open_source(folder));
  for (const Source& source : sources) require_alike(sources[0], source);
  return sources;
}

std::string joined_options(const std::vector<Source>& sources) {
  std::vector<nlohmann::ordered_json> options;
  options.reserve(sources.size());
  for (const Source& source : sources) options.push_back(options_of(source));
  return join_options(options);
}

}  // namespace

MergeReport merge_stores(std::span<const fs::path> folders, const fs::path& dest,
                         const MergeOptions& options) {
  fs::path target = dest.has_filename() ? dest : dest.parent_path();
  if (fs::exists(target)) throw usage_error(fmt::format("{}: exists already", target.string()));
  std::vector<Source> sources = open_sources(folders);
  if (are_parts(sources))
    std::sort(sources.begin(), sources.end(),
              [](const Source& a, const Source& b) { return a.first_idx < b.first_idx; });
  const FileLock lock(lock_path(target), "another run");
  const fs::path partial = partial_path(target);
  remove_partial(partial);
  fs::create_directories(partial);
  MergeReport report;
  {
    Database index(partial / kWorkingIndex, Database::Mode::create);
    index.execute(kSchema);
    set(index, "version", std::to_string(kFormatVersion));
    for (const char* key : kSharedSettings) set(index, key, sources[0].setting(key));
    set(index, "options", joined_options(sources));
    Joiner joiner(index, partial, options);
    for (const Source& source : sources) joiner.add(source);
    report = joiner.report();
    write_quarantine(index, partial);
    write_compact_index(index, partial / kIndexFile);
    write_index_digests(partial, {kIndexFile});
  }
  fs::remove(partial / kWorkingIndex);
  sync_folder(partial);
  rename_over(partial, target);
  return report;
}

MergeReport append_stores(const fs::path& store, std::span<const fs::path> folders,
                          const MergeOptions& options) {
  const FileLock lock(lock_path(store.has_filename() ? store : store.parent_path()), "another run");
  std::vector<Source> sources = open_sources(folders);
  sources.insert(sources.begin(), open_source(store));
  for (const Source& source : sources) require_alike(sources[0], source);
  const Temporary working{store / kWorkingIndex};
  {
    Database old(store / kIndexFile, Database::Mode::read_only);
    write_compact_index(old, working.path);
  }
  MergeReport report;
  {
    Database index(working.path, Database::Mode::create);
    to_this_version(index, sources[0]);
    index.execute("DELETE FROM store WHERE key IN ('part', 'part_of')");
    set(index, "options", joined_options(sources));
    Joiner joiner(index, store, options);
    for (std::size_t i = 1; i < sources.size(); ++i) joiner.add(sources[i]);
    report = joiner.report();
    write_compact_index(index, store / kNextIndex);
    write_index_digests(store, {kIndexFile, kNextIndex});
    rename_over(store / kNextIndex, store / kIndexFile);
    write_quarantine(index, store);
    write_index_digests(store, {kIndexFile});
  }
  return report;
}

}  // namespace einthoven::store
