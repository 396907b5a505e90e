#include "einthoven/corpus/naming.h"

#include <algorithm>
#include <unordered_set>

namespace einthoven::corpus {

std::string common_folder(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  std::string common = paths.front();
  for (const std::string& path : paths) {
    const auto differ = std::mismatch(common.begin(), common.end(), path.begin(), path.end());
    common.erase(differ.first, common.end());
  }
  return common.substr(0, common.rfind('/') + 1);
}

std::vector<std::string> record_names(const std::vector<std::string>& paths,
                                      const std::string& prefix, bool drop_common) {
  const std::size_t dropped = drop_common ? common_folder(paths).size() : 0;
  std::vector<std::string> names;
  std::unordered_set<std::string> taken;
  for (const std::string& path : paths) {
    std::string name = prefix + path.substr(dropped);
    for (char& c : name)
      if (c == '/' || c == ' ' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
    std::string unique = name;
    for (int copy = 2; !taken.insert(unique).second; ++copy)
      unique = name + "~" + std::to_string(copy);
    names.push_back(std::move(unique));
  }
  return names;
}

}  // namespace einthoven::corpus
