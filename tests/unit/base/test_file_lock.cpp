#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "einthoven/base/error.h"
#include "einthoven/base/file_lock.h"

using namespace einthoven;

namespace {

fs::path lock_path(const char* name) {
  return fs::temp_directory_path() / (std::string(name) + "_" + std::to_string(::getpid()));
}

}  // namespace

TEST_CASE("a second holder is refused with the name of the first") {
  const fs::path path = lock_path("einthoven_lock");
  {
    const FileLock first(path, "another run");
    try {
      const FileLock second(path, "another run");
      FAIL("two holders");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::io);
      const std::string message = error.message();
      CHECK(message.find("another run") != std::string::npos);
      CHECK(message.find("process " + std::to_string(::getpid())) != std::string::npos);
    }
  }
  CHECK_FALSE(fs::exists(path));
  const FileLock again(path, "another run");
  CHECK(fs::exists(path));
}

TEST_CASE("the folders above a lock are made") {
  const fs::path folder = lock_path("einthoven_lock_folder");
  {
    const FileLock lock(folder / "runs" / "a.lock", "another run");
    CHECK(fs::exists(folder / "runs" / "a.lock"));
  }
  fs::remove_all(folder);
}

TEST_CASE("the lock of a killed process is no obstacle") {
  const fs::path path = lock_path("einthoven_stale_lock");
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock held(path, "another run");
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
  }
  char token = 0;
  REQUIRE(::read(ready[0], &token, 1) == 1);
  CHECK_THROWS_AS(FileLock(path, "another run"), Error);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(fs::exists(path));
  CHECK_NOTHROW(FileLock(path, "another run"));
}
