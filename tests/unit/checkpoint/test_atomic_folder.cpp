#include <doctest/doctest.h>

#include <set>
#include <string>

#include "einthoven/checkpoint/atomic_folder.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {

TEST_CASE("what killed processes left is cleared up, and a lost folder comes back") {
  const TemporaryFolder folder;
  for (const char* name : {"c_last.old.7", "c_best", "c_best.old.7", "c_best.tmp.8", "other.tmp.9"})
    fs::create_directories(folder / name);
  write_file_atomically(folder / "c_last.old.7" / "content", "1");
  write_file_atomically(folder / "c_table.tmp.12", "torn");
  tidy_after_kill(folder / "", "c_");
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder / ""))
    names.insert(entry.path().filename().string());
  CHECK(names == std::set<std::string>{"c_best", "c_last", "other.tmp.9"});
  CHECK(read_file(folder / "c_last" / "content") == "1");
}

}  // namespace einthoven::checkpoint
