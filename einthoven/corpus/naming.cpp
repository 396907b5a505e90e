#include "einthoven/corpus/naming.h"

#include <algorithm>
#include <string_view>
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
  std::unordered_set<std::string_view> taken;
  names.reserve(paths.size());  // so that the views stay valid
  for (const std::string& path : paths) {
    std::string name = prefix + path.substr(dropped);
    for (char& c : name)
      if (c == '/' || c == ' ' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
    names.push_back(name);
    for (int copy = 2; !taken.insert(names.back()).second; ++copy)
      names.back() = name + "~" + std::to_string(copy);
  }
  return names;
}

}  // namespace einthoven::corpus
