// Calls a fuzz target on files and on all files of folders: its seeds and its former findings.
// Exit code 1 if there was none.
#include <cstdio>

#include "fuzz.h"

using namespace einthoven;

namespace {

int replayed = 0;

void replay(const fs::path& path) {
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::directory_iterator(path)) replay(entry.path());
    return;
  }
  std::fprintf(stderr, "%s\n", path.c_str());
  const std::string content = read_file(path);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
  ++replayed;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) replay(argv[i]);
  return replayed > 0 ? 0 : 1;
}
