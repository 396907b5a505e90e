#include "einthoven/corpus/physionet2021.h"

#include <algorithm>

#include "einthoven/base/file_search.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/corpus_files.h"

namespace einthoven::corpus {
namespace {

fs::path training_folder(const fs::path& source) {
  const fs::path trimmed = source.has_filename() ? source : source.parent_path();
  if (trimmed.filename() != "training" && fs::is_directory(trimmed / "training"))
    return trimmed / "training";
  return trimmed;
}

fs::path with_extension(const fs::path& record, const char* extension) {
  fs::path path = record;
  return path += extension;
}

bool has_published_depth(const std::string& path) {
  return std::count(path.begin(), path.end(), '/') == 2;
}

}  // namespace

Corpus list_physionet2021(const CorpusSource& source) {
  Corpus corpus;
  corpus.root = training_folder(source.folder);
  corpus.challenge_headers = true;
  corpus.describe = read_challenge_header;
  auto paths = stems_below(corpus.root, ".mat");
  std::erase_if(paths, [&](const std::string& path) {
    return !has_published_depth(path) || !fs::exists(with_extension(corpus.root / path, ".hea"));
  });
  if (paths.empty()) paths = stems_below(corpus.root, ".hea");
  for (const std::string& path : paths) {
    SourceRecord record;
    record.file = (corpus.root / path).string();
    record.entry.path = path;
    const std::size_t slash = path.find('/');
    record.entry.dataset = slash == std::string::npos ? "physionet2021" : path.substr(0, slash);
    corpus.records.push_back(std::move(record));
  }
  return corpus;
}

}  // namespace einthoven::corpus
