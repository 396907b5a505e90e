#include "einthoven/base/zip_writer.h"

#include "einthoven/base/bytes.h"
#include "einthoven/base/zip_format.h"

namespace einthoven {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::uint16_t kZipVersion = 20;        // 2.0: folders and deflate
constexpr std::uint16_t kZip64Version = 45;      // 4.5: zip64
constexpr std::uint16_t kPaddingField = 0x4246;  // "FB", the padding that torch uses

}  // namespace

void ZipWriter::write(const std::string& bytes) {
  file_.write(bytes);
  offset_ += bytes.size();
}

void ZipWriter::add(const std::string& name, Bytes content) {
  const Entry entry{name, offset_, content.size(), crc32_of(content)};
  const bool large = entry.size >= zip64_from_;
  ByteWriter header;
  header.write<std::uint32_t>(kLocalHeader);
  header.write<std::uint16_t>(large ? kZip64Version : kZipVersion);
  header.zeros(8);  // flags, stored, no time
  header.write<std::uint32_t>(entry.crc);
  for (int i = 0; i < 2; ++i)
    header.write<std::uint32_t>(large ? kSeeZip64 : static_cast<std::uint32_t>(entry.size));
  header.write<std::uint16_t>(static_cast<std::uint16_t>(name.size()));
  const std::size_t extra64 = large ? 20 : 0;
  const std::size_t start = static_cast<std::size_t>(offset_) + header.size() + 2 + name.size();
  const std::size_t unaligned = (start + extra64 + 4) % kAlignment;
  const std::size_t padding = unaligned == 0 ? 0 : kAlignment - unaligned;
  header.write<std::uint16_t>(static_cast<std::uint16_t>(extra64 + 4 + padding));
  header.text(name);
  if (large) {
    header.write<std::uint16_t>(1);
    header.write<std::uint16_t>(16);
    header.write<std::uint64_t>(entry.size);
    header.write<std::uint64_t>(entry.size);
  }
  header.write<std::uint16_t>(kPaddingField);
  header.write<std::uint16_t>(static_cast<std::uint16_t>(padding));
  header.zeros(padding);
  write(header.str());
  file_.write(content);
  offset_ += content.size();
  entries_.push_back(entry);
}

std::string ZipWriter::central_header(const Entry& entry) const {
  ByteWriter extra;
  const auto field = [&](std::uint64_t value) {
    if (value < zip64_from_) return static_cast<std::uint32_t>(value);
    extra.write<std::uint64_t>(value);
    return kSeeZip64;
  };
  const std::uint32_t size = field(entry.size);
  const std::uint32_t packed_size = field(entry.size);
  const std::uint32_t offset = field(entry.header_offset);
  ByteWriter header;
  header.write<std::uint32_t>(kCentralHeader);
  for (int i = 0; i < 2; ++i)
    header.write<std::uint16_t>(extra.size() > 0 ? kZip64Version : kZipVersion);
  header.zeros(8);
  header.write<std::uint32_t>(entry.crc);
  header.write<std::uint32_t>(packed_size);
  header.write<std::uint32_t>(size);
  header.write<std::uint16_t>(static_cast<std::uint16_t>(entry.name.size()));
  const std::size_t extra_size = extra.size() > 0 ? extra.size() + 4 : 0;
  header.write<std::uint16_t>(static_cast<std::uint16_t>(extra_size));
  header.zeros(10);  // comment, disk, attributes
  header.write<std::uint32_t>(offset);
  header.text(entry.name);
  if (extra_size > 0) {
    header.write<std::uint16_t>(1);
    header.write<std::uint16_t>(static_cast<std::uint16_t>(extra.size()));
    header.text(extra.str());
  }
  return header.str();
}

void ZipWriter::finish() {
  const std::uint64_t start = offset_;
  for (const Entry& entry : entries_) write(central_header(entry));
  const std::uint64_t size = offset_ - start;
  ByteWriter end;
  const std::uint64_t count = entries_.size();
  const bool large = start >= zip64_from_ || size >= zip64_from_ || count >= 0xFFFF;
  if (large) {
    end.write<std::uint32_t>(kZip64End);
    end.write<std::uint64_t>(44);
    end.write<std::uint16_t>(kZip64Version);
    end.write<std::uint16_t>(kZip64Version);
    end.zeros(8);
    for (const std::uint64_t value : {count, count, size, start}) end.write<std::uint64_t>(value);
    end.write<std::uint32_t>(kZip64Locator);
    end.zeros(4);
    end.write<std::uint64_t>(offset_);
    end.write<std::uint32_t>(1);
  }
  end.write<std::uint32_t>(kEndOfDirectory);
  end.zeros(4);
  for (int i = 0; i < 2; ++i)
    end.write<std::uint16_t>(static_cast<std::uint16_t>(large ? 0xFFFF : count));
  end.write<std::uint32_t>(large ? kSeeZip64 : static_cast<std::uint32_t>(size));
  end.write<std::uint32_t>(large ? kSeeZip64 : static_cast<std::uint32_t>(start));
  end.write<std::uint16_t>(0);
  write(end.str());
}

}  // namespace einthoven
