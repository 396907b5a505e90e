#include <doctest/doctest.h>
#include <sys/stat.h>

#include "einthoven/base/error.h"
#include "einthoven/base/input_file.h"

using namespace einthoven;

namespace {
fs::path written(const char* name, std::string_view content) {
  const fs::path path = fs::temp_directory_path() / "einthoven_test_input_file" / name;
  fs::create_directories(path.parent_path());
  write_file_atomically(path, content);
  return path;
}
}  // namespace

TEST_CASE("parts and the whole of a file") {
  const InputFile file(written("parts", "0123456789"));
  CHECK(file.size() == 10);
  CHECK(as_text(file.read(3, 4).bytes()) == "3456");
  CHECK(file.read(10, 0).size() == 0);
  CHECK_THROWS_AS(file.read(8, 3), Error);
  CHECK(as_text(load_file(file.path()).bytes()) == "0123456789");
  CHECK(load_file(written("empty", "")).size() == 0);
}

TEST_CASE("a file that became smaller is a data error that says so") {
  const fs::path path = written("shrinks", "0123456789");
  const InputFile file(path);
  fs::resize_file(path, 4);
  CHECK(as_text(file.read(0, 4).bytes()) == "0123");
  CHECK_THROWS_WITH_AS(
      file.read(0, 10),
      (path.string() + ": size: became smaller while it was read (got 4 bytes, want 10)").c_str(),
      Error);
}

TEST_CASE("what is no regular file or too long is refused") {
  CHECK_THROWS_WITH_AS(InputFile("/no/such/file"),
                       "/no/such/file: cannot open: No such file or directory", Error);
  CHECK_THROWS_WITH_AS(InputFile("/tmp"), "/tmp: is not a regular file", Error);
  CHECK_THROWS_WITH_AS(InputFile("/dev/zero"), "/dev/zero: is not a regular file", Error);
  CHECK_THROWS_AS(load_file(written("long", "0123456789"), 9), Error);
}

TEST_CASE("a pipe is refused at once") {
  const fs::path pipe = written("x", "").parent_path() / "pipe.edf";
  fs::remove(pipe);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_AS(InputFile{pipe}, Error);
  CHECK_THROWS_AS(read_file(pipe), Error);
  CHECK_THROWS_AS(MappedFile{pipe}, Error);
}
