#include "einthoven/format/hdf5_global_heap.h"

#include <algorithm>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kObjectStart = 8;  // number, references, reserved; then the length

std::map<std::uint64_t, Bytes> objects_of(ByteReader in, unsigned length_bytes) {
  std::map<std::uint64_t, Bytes> objects;
  while (in.remaining() >= kObjectStart + length_bytes) {
    const auto number = in.read<std::uint16_t>();
    in.skip(6);
    const std::uint64_t size = read_unsigned(in, length_bytes);
    if (number == 0) break;  // the space that is left
    objects.emplace(number, in.take(size));
    in.skip(std::min<std::size_t>(in.remaining(), (8 - size % 8) % 8));
  }
  return objects;
}

}  // namespace

const Hdf5GlobalHeap::Heap& Hdf5GlobalHeap::heap_at(std::uint64_t address) {
  if (const auto known = heaps_.find(address); known != heaps_.end()) return known->second;
  const std::size_t start_bytes = 8 + file_.length_bytes;
  const FileBytes start = read_block(file_, {address, start_bytes});
  ByteReader prefix(start.bytes(), file_.source);
  if (prefix.text(4) != "GCOL") prefix.fail("text", "is not in a heap");
  prefix.skip(4);
  const std::uint64_t size = read_unsigned(prefix, file_.length_bytes);
  if (size < start_bytes || size > file_.size - std::min(file_.size, heap_bytes_))
    prefix.fail("text", "is in a heap of a bad size");
  heap_bytes_ += size;
  Heap heap{read_block(file_, {address, size}), {}};
  ByteReader in(heap.bytes.bytes(), file_.source);
  in.skip(start_bytes);
  heap.objects = objects_of(in, file_.length_bytes);
  return heaps_.emplace(address, std::move(heap)).first->second;
}

std::string Hdf5GlobalHeap::text(Bytes reference) {
  ByteReader in(reference, file_.source);
  const auto length = in.read<std::uint32_t>();
  const std::uint64_t address = read_unsigned(in, file_.address_bytes);
  const auto number = in.read<std::uint32_t>();
  if (length == 0 || address == 0) return {};
  const Heap& heap = heap_at(address);
  const auto object = heap.objects.find(number);
  if (object == heap.objects.end() || object->second.size() < length)
    in.fail("text", "is not in its heap");
  text_bytes_ += length;
  if (text_bytes_ > file_.size) in.fail("text", "is longer than the file");
  const std::string_view text = as_text(object->second.first(length));
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace einthoven::format
