// Manifests of every kind (.tsv), and what splits and leakage checks take from them.
#include "einthoven/store/manifest.h"
#include "einthoven/store/manifest_members.h"
#include "einthoven/store/manifest_source.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path path = fuzz::scratch().write("r.tsv", fuzz::text_of(data, size));
  fuzz::try_parse([&] { store::Manifest::read(path); });
  fuzz::try_parse([&] { store::read_members(path, false); });
  return fuzz::try_parse([&] { store::read_manifest_source(path, {}); });
}
