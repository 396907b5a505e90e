// The pickle machine of checkpoints.
#include "einthoven/checkpoint/pickle.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::try_parse([&] {
    ByteReader reader(fuzz::bytes_of(data, size), "data.pkl");
    const checkpoint::Pickle pickle = checkpoint::read_pickle(reader);
    for (const checkpoint::PickleValue& value : pickle.values) value.get("model");
  });
}
