#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/file.h"

using namespace einthoven;

namespace {
fs::path scratch(const char* name) {
  const fs::path folder = fs::temp_directory_path() / "einthoven_test_file";
  fs::create_directories(folder);
  return folder / name;
}
}  // namespace

TEST_CASE("an atomic file appears whole or not at all") {
  const fs::path path = scratch("whole");
  fs::remove(path);
  fs::path temporary;
  {
    AtomicFile file(path);
    file.write("abc");
    temporary = file.temporary_path();
    CHECK(fs::exists(temporary));
  }
  CHECK_FALSE(fs::exists(path));
  CHECK_FALSE(fs::exists(temporary));
  write_file_atomically(path, "abc");
  CHECK(read_file(path) == "abc");
  CHECK(as_text(MappedFile(path).bytes()) == "abc");
}

TEST_CASE("files that cannot be read are io errors with the path") {
  CHECK_THROWS_WITH_AS(read_file("/no/such/file"),
                       "/no/such/file: cannot open: No such file or directory", Error);
  CHECK_THROWS_WITH_AS(read_file("/tmp"), "/tmp: is not a regular file", Error);
  CHECK_THROWS_AS(AtomicFile("/no/such/folder/x"), Error);
  write_file_atomically(scratch("long"), "0123456789");
  CHECK_THROWS_AS(read_file(scratch("long"), 5), Error);
}

TEST_CASE("files of file systems that map none are read into memory") {
  const fs::path path =
      "/sys/kernel/mm/transparent_hugepage/enabled";  // says 4096 bytes, has fewer
  if (!fs::exists(path)) return;
  const std::string content = read_file(path);
  REQUIRE(content.find("never") != std::string::npos);
  CHECK(as_text(MappedFile(path).bytes()) == content);
  MappedFile moved = MappedFile(path);
  CHECK(moved.size() == content.size());
}
