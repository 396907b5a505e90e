// The two containers of torch.save: zip archive and stream.
#pragma once

#include <memory>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/pickle.h"
#include "einthoven/checkpoint/pt_file.h"

namespace einthoven::checkpoint {

/// The main pickle of a file with where its storages are.
struct PtContainer {
  Pickle pickle;
  std::unique_ptr<StorageSource> storages;
};

/// `ROOT/data.pkl`, `ROOT/byteorder`, `ROOT/data/KEY` of a zip archive.
PtContainer open_zip(std::shared_ptr<const MappedFile> file, const std::string& source);

/// Five pickles (magic number, protocol 1001, system, content, storage keys), then each storage as
/// its element count and its elements, unaligned (torch.save before 1.6).
PtContainer open_stream(std::shared_ptr<const MappedFile> file, const std::string& source);

bool looks_like_zip(Bytes file);
bool looks_like_stream(Bytes file);

}  // namespace einthoven::checkpoint
