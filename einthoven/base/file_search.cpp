#include "einthoven/base/file_search.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"

namespace einthoven {

std::vector<std::string> files_below(const fs::path& root,
                                     const std::function<bool(const fs::path&)>& wanted) {
  std::vector<std::string> found;
  if (::access(root.c_str(), R_OK | X_OK) != 0) throw io_error(root.string(), "cannot list", errno);
  std::set<fs::path> visited = {fs::canonical(root)};
  auto options = fs::directory_options::follow_directory_symlink |
                 fs::directory_options::skip_permission_denied;
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, options), end; it != end; it.increment(error)) {
    if (error) throw io_error(root.string(), "cannot list: " + error.message());
    std::error_code broken_link;
    if (it->is_directory(broken_link)) {
      if (!visited.insert(fs::canonical(it->path())).second)
        it.disable_recursion_pending();
      else if (::access(it->path().c_str(), R_OK | X_OK) != 0)
        log_warn(fmt::format("{}: left out, as it cannot be listed: {}", it->path().string(),
                             std::strerror(errno)));
    } else if (wanted(it->path())) {
      found.push_back(it->path().lexically_relative(root).string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> stems_below(const fs::path& root, const fs::path& extension) {
  auto found =
      files_below(root, [&](const fs::path& path) { return path.extension() == extension; });
  for (std::string& path : found) path.resize(path.size() - extension.string().size());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace einthoven
