#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/native.h"
#include "sample_checkpoint.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {
namespace {

std::string failure(const fs::path& folder) {
  try {
    read_checkpoint(folder);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

void overwrite(const fs::path& path, std::size_t at, char value) {
  std::string content = read_file(path);
  content.at(at) = value;
  write_file_atomically(path, content);
}

TEST_CASE("everything is read back") {
  const TemporaryFolder folder;
  const Checkpoint saved = sample_checkpoint();
  write_native(folder / "c", saved);
  const Checkpoint read = read_checkpoint(folder / "c");
  CHECK(checkpoint_format(folder / "c") == "native");
  CHECK(same_tensors(saved.model, read.model));
  CHECK(read.config == saved.config);
  CHECK(read.config.at("model").at("in_d").is_number_integer());
  CHECK(read.optimizer_history == saved.optimizer_history);
  CHECK(read.extra == saved.extra);
  REQUIRE(read.optimizer);
  CHECK(same_optimizer(*saved.optimizer, *read.optimizer));
}

TEST_CASE("a folder is replaced as a whole, and nothing else is left") {
  const TemporaryFolder folder;
  Checkpoint checkpoint = sample_checkpoint();
  write_native(folder / "c", checkpoint);
  const Checkpoint old = read_checkpoint(folder / "c");
  checkpoint.optimizer.reset();
  checkpoint.model.set("b.weight", torch::ones({2, 3}));
  write_native((folder / "c").string() + "/", checkpoint);
  const Checkpoint read = read_checkpoint(folder / "c");
  CHECK(same_tensors(checkpoint.model, read.model));
  CHECK_FALSE(read.optimizer);
  CHECK_FALSE(fs::exists(folder / "c" / "optimizer.safetensors"));
  CHECK(std::distance(fs::directory_iterator(folder / ""), fs::directory_iterator()) == 1);
  // The tensors of the replaced folder are still mapped.
  CHECK(same_tensors(old.model, sample_checkpoint().model));
}

TEST_CASE("an incomplete folder does not replace a complete one") {
  const TemporaryFolder folder;
  write_native(folder / "c", sample_checkpoint());
  Checkpoint broken = sample_checkpoint();
  broken.model.set("complex", torch::zeros({1}, torch::kComplexFloat));
  CHECK_THROWS_AS(write_native(folder / "c", broken), Error);
  CHECK(same_tensors(read_checkpoint(folder / "c").model, sample_checkpoint().model));
  CHECK(std::distance(fs::directory_iterator(folder / ""), fs::directory_iterator()) == 1);
}

TEST_CASE("damage is found before anything is used") {
  const TemporaryFolder folder;
  const fs::path path = folder / "c";
  write_native(path, sample_checkpoint());
  SUBCASE("a changed weight") {
    overwrite(path / "model.safetensors", fs::file_size(path / "model.safetensors") - 1, '\x7f');
    CHECK(failure(path).find("model.safetensors: damaged") != std::string::npos);
  }
  SUBCASE("a missing file") {
    fs::remove(path / "state.yaml");
    CHECK(failure(path).find("missing") != std::string::npos);
  }
  SUBCASE("an additional file") {
    write_file_atomically(path / "notes.txt", "x");
    CHECK(failure(path).find("notes.txt: is not in the digest") != std::string::npos);
  }
  SUBCASE("no digest") {
    fs::remove(path / "digest.json");
    CHECK(failure(path).find("digest.json") != std::string::npos);
  }
  SUBCASE("a digest that names no file of the folder") {
    for (const char* name : {"other/model.safetensors", "digest.json", "gone.yaml"}) {
      std::string digest = read_file(path / "digest.json");
      const std::size_t at = digest.find("\"sha256\": {") + 11;
      write_file_atomically(path / "digest.json",
                            digest.substr(0, at) + "\"" + name + "\": \"0\"," + digest.substr(at));
      CHECK(failure(path).find(std::string(name) + ": is missing") != std::string::npos);
      write_file_atomically(path / "digest.json", digest);
    }
  }
  SUBCASE("a later version") {
    std::string digest = read_file(path / "digest.json");
    digest.replace(digest.find("\"version\": 1"), 12, "\"version\": 9");
    write_file_atomically(path / "digest.json", digest);
    CHECK(failure(path).find("version: got 9, want 1") != std::string::npos);
  }
}

}  // namespace
}  // namespace einthoven::checkpoint
