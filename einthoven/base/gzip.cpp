#include "einthoven/base/gzip.h"

#include <fmt/core.h>
#include <zlib.h>

#include <memory>

#include "einthoven/base/error.h"

namespace einthoven {

std::string read_plain_or_gzip(const fs::path& path, std::size_t limit) {
  if (fs::is_directory(path)) throw io_error(path.string(), "is a folder, want a file");
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw io_error(path.string(), "cannot open", errno);
  std::string text;
  std::string block(std::size_t{1} << 18, '\0');
  for (;;) {
    const int got = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    if (got < 0) throw data_error(path.string(), "gzip", "is damaged");
    if (got == 0) break;
    text.append(block, 0, static_cast<std::size_t>(got));
    if (text.size() > limit)
      throw data_error(path.string(), "gzip", fmt::format("holds more than {} bytes", limit));
  }
  int status = Z_OK;
  gzerror(file.get(), &status);
  if (status != Z_OK) throw data_error(path.string(), "gzip", "is cut off");
  return text;
}

}  // namespace einthoven
