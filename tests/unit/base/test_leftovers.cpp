#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "einthoven/base/leftovers.h"

using namespace einthoven;

namespace {

/// A number that was a process's until just now.
pid_t dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_CASE("files of dead writers are removed, all others stay") {
  const fs::path folder = fs::temp_directory_path() / fmt::format("leftovers.{}", ::getpid());
  fs::create_directories(folder);
  const pid_t dead = dead_process();
  const auto made = [&](const std::string& name) {
    write_file_atomically(folder / name, "x");
    return folder / name;
  };
  const fs::path gone = made(fmt::format("y.npy.tmp.{}", dead));
  const std::vector<fs::path> staying = {
      made("y.npy"), made(fmt::format("y.npy.tmp.{}", ::getpid())), made("y.npy.tmp.old"),
      made(fmt::format("mine.npy.tmp.{}", dead)), made("y.npy.tmp.99999999999999")};
  const fs::path locked = made(fmt::format("a.csv.tmp.{}", dead));
  const int holder = ::open(locked.c_str(), O_RDWR);
  ::flock(holder, LOCK_EX);
  AtomicFile alive(folder / "z.csv");
  remove_leftovers(folder, {"y.npy", "a.csv", "z.csv"});
  CHECK_FALSE(fs::exists(gone));
  for (const fs::path& path : staying) CHECK(fs::exists(path));
  CHECK(fs::exists(locked));
  CHECK(fs::exists(alive.temporary_path()));
  ::close(holder);
  remove_leftovers(folder, {"a.csv"});
  CHECK_FALSE(fs::exists(locked));
  remove_leftovers(folder / "none", {"a.csv"});
  fs::remove_all(folder);
}
