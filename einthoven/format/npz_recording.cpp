#include "einthoven/format/npz_recording.h"

#include <fmt/format.h>

#include "einthoven/base/input_file.h"
#include "einthoven/base/npy.h"
#include "einthoven/base/zip_reader.h"
#include "einthoven/base/zip_writer.h"
#include "einthoven/format/npy_recording.h"
#include "einthoven/format/recording_info.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kLocalHeaderSize = 30;

class Archive {
 public:
  explicit Archive(const fs::path& path)
      : source_(path.string()), file_(load_file(path)), zip_(file_.bytes(), source_) {}

  std::optional<NpyArray> find(const std::string& name) const {
    const ZipEntry* entry = zip_.find(name + ".npy");
    if (entry == nullptr) return std::nullopt;
    return parse_npy(as_bytes(zip_.extract(*entry)), source_ + ": " + name);
  }

  /// Names of the arrays with two dimensions.
  std::vector<std::string> matrices() const {
    std::vector<std::string> names;
    for (const ZipEntry& entry : zip_.entries()) {
      if (!entry.name.ends_with(".npy")) continue;
      const std::string content = zip_.extract(entry);
      if (parse_npy_header(as_bytes(content), source_ + ": " + entry.name).shape.size() == 2)
        names.push_back(entry.name.substr(0, entry.name.size() - 4));
    }
    return names;
  }

 private:
  std::string source_;
  FileBytes file_;
  ZipReader zip_;
};

NpyArray signal_array(const Archive& archive, const std::string& source,
                      const std::string& member) {
  auto array = archive.find(member.empty() ? "samples" : member);
  if (array) return std::move(*array);
  const auto names = archive.matrices();
  if (!member.empty() || names.size() != 1)
    throw data_error(
        source, "arrays",
        fmt::format("which one is the recording? name it: PATH::NAME ({} matrices: {})",
                    names.size(), fmt::join(names, ", ")));
  return *archive.find(names[0]);
}

/// What the values are; empty if the archive does not say it.
std::string unit_of(const Archive& archive, const std::string& source) {
  for (const char* name : {"units", "unit"}) {
    const auto array = archive.find(name);
    if (!array) continue;
    if (!array->is_text() || array->count() != 1) throw data_error(source, name, "is not one text");
    return array->as_texts()[0];
  }
  return {};
}

}  // namespace

bool looks_like_npz(std::string_view start) {
  if (!start.starts_with("PK\x03\x04") || start.size() < kLocalHeaderSize) return false;
  const auto length =
      static_cast<unsigned char>(start[26]) + 256U * static_cast<unsigned char>(start[27]);
  return start.substr(kLocalHeaderSize, length).ends_with(".npy");
}

signal::Recording read_npz_recording(const fs::path& path, const ReadOptions& given) {
  const std::string source = path.string();
  const Archive archive(path);
  ReadOptions options = given;
  for (const char* name : {"rate_hz", "fs", "sample_rate"})
    if (const auto rate = options.rate_hz ? std::nullopt : archive.find(name))
      if (rate->count() == 1) options.rate_hz = rate->as_double()[0];
  if (const auto gain = options.gain_adu_per_mv ? std::nullopt : archive.find("gain_adu_per_mv"))
    if (gain->count() == 1) options.gain_adu_per_mv = gain->as_double()[0];
  if (const auto leads = options.leads.empty() ? archive.find("leads") : std::nullopt)
    options.leads = leads->as_texts();
  auto recording = recording_from_array(source, signal_array(archive, source, options.member),
                                        unit_of(archive, source), options);
  if (const auto info = archive.find("info"))
    for (const std::string& text : info->as_texts()) take_info_text(text, source, recording);
  return recording;
}

void write_npz_recording(const fs::path& path, const signal::Recording& recording) {
  AtomicFile file(path);
  ZipWriter zip(file);
  const auto add = [&](const std::string& name, std::string_view dtype,
                       const std::vector<std::int64_t>& shape, Bytes data) {
    std::string content = npy_header(dtype, shape);
    content += as_text(data);
    zip.add(name + ".npy", as_bytes(content));
  };
  add("samples", "<f4", {static_cast<std::int64_t>(recording.lead_count()), recording.length()},
      std::as_bytes(recording.samples()));
  add("rate_hz", "<f8", {}, std::as_bytes(std::span(&recording.rate_hz, 1)));
  const auto add_texts = [&](const char* name, const std::vector<std::string>& texts) {
    const NpyArray array = npy_texts(texts);
    add(name, array.dtype, array.shape, as_bytes(array.data));
  };
  add_texts("leads", recording.leads);
  add_texts("units", {"mV"});
  if (const std::string info = info_text(recording); !info.empty()) add_texts("info", {info});
  zip.finish();
  file.commit();
}

}  // namespace einthoven::format
