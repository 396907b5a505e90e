#include "einthoven/checkpoint/convert.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/checkpoint/safetensors.h"

namespace einthoven::checkpoint {

Format parse_format(std::string_view name) {
  if (name == "reference") return Format::reference;
  if (name == "native") return Format::native;
  if (name == "safetensors") return Format::safetensors;
  throw usage_error(
      fmt::format("format: unknown (got {}, want reference, native or safetensors)", name));
}

Format format_of_name(const fs::path& path) {
  const fs::path extension = path.extension();
  if (extension == ".pt" || extension == ".pth") return Format::reference;
  if (extension == ".safetensors") return Format::safetensors;
  return Format::native;
}

void convert(const fs::path& input, const fs::path& output, Format format,
             const std::function<void(const Checkpoint&)>& check) {
  const Checkpoint checkpoint = read_checkpoint(input);
  if (check) check(checkpoint);
  make_parent_folder(output);
  switch (format) {
    case Format::reference:
      for (const std::string& key : settings_unknown_to_reference(checkpoint.config))
        log_warn(fmt::format("{} is lost: fairseq-signals has no such key", key));
      return write_reference(output, checkpoint);
    case Format::native:
      return write_native(output, checkpoint);
    case Format::safetensors:
      return write_safetensors(output, checkpoint.model);
  }
}

}  // namespace einthoven::checkpoint
