#include "einthoven/corpus/physionet2021.h"

#include <algorithm>
#include <set>

#include "einthoven/base/error.h"

namespace einthoven::corpus {
namespace {

/// Paths of all files with an extension below `root`, relative and without it. Links to folders are
/// followed, each folder is visited once.
std::vector<std::string> files_below(const fs::path& root, const fs::path& extension) {
  std::vector<std::string> found;
  std::set<fs::path> visited = {fs::canonical(root)};
  auto options = fs::directory_options::follow_directory_symlink |
                 fs::directory_options::skip_permission_denied;
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, options), end; it != end; it.increment(error)) {
    if (error) throw io_error(root.string(), "cannot list: " + error.message());
    std::error_code broken_link;
    if (it->is_directory(broken_link)) {
      if (!visited.insert(fs::canonical(it->path())).second) it.disable_recursion_pending();
    } else if (it->path().extension() == extension) {
      fs::path path = it->path().lexically_relative(root);
      found.push_back(path.replace_extension().string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

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

Corpus list_physionet2021(const fs::path& source) {
  Corpus corpus;
  corpus.name = "physionet2021";
  corpus.root = training_folder(source);
  corpus.challenge_headers = true;
  auto paths = files_below(corpus.root, ".mat");
  std::erase_if(paths, [&](const std::string& path) {
    return !has_published_depth(path) || !fs::exists(with_extension(corpus.root / path, ".hea"));
  });
  if (paths.empty()) paths = files_below(corpus.root, ".hea");
  for (const std::string& path : paths) {
    SourceRecord record;
    record.file = corpus.root / path;
    record.entry.path = path;
    const std::size_t slash = path.find('/');
    record.entry.dataset = slash == std::string::npos ? corpus.name : path.substr(0, slash);
    corpus.records.push_back(std::move(record));
  }
  return corpus;
}

}  // namespace einthoven::corpus
