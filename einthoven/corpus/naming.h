// Names of recordings made from their paths.
#pragma once

#include <string>
#include <vector>

namespace einthoven::corpus {

/// The longest common beginning of all paths, cut back to the last '/' (and including it).
std::string common_folder(const std::vector<std::string>& paths);

/// One name per path: `prefix` + path with '/' and ' ' turned into '_'. `drop_common` first removes
/// the folder common to all paths, as the reference does (so that names depend on the set). Control
/// characters become '_'; a name that came before gets "~2", "~3", ...
std::vector<std::string> record_names(const std::vector<std::string>& paths,
                                      const std::string& prefix, bool drop_common);

}  // namespace einthoven::corpus
