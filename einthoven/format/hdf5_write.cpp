#include <algorithm>
#include <string>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/base/half.h"
#include "einthoven/format/hdf5_handle.h"
#include "einthoven/format/hdf5_recording.h"

namespace einthoven::format {
namespace {

/// Builds a file in memory, so that it appears on disk complete or not at all.
class Hdf5Writer {
 public:
  Hdf5Writer() : access_(H5Pcreate(H5P_FILE_ACCESS), H5Pclose) {
    H5Pset_fapl_core(access_, 1 << 20, false);
    file_ = {H5Fcreate("image", H5F_ACC_TRUNC, H5P_DEFAULT, access_), H5Fclose};
    creation_ = {H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    H5Pset_obj_track_times(creation_, false);  // equal recordings give equal files
  }

  void group(const char* name) {
    const Hdf5Handle made(H5Gcreate2(file_, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    check(made);
  }

  void array(const char* name, hid_t type, const std::vector<hsize_t>& dims, const void* values) {
    const Hdf5Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
                           H5Sclose);
    const Hdf5Handle data(H5Dcreate2(file_, name, type, space, H5P_DEFAULT, creation_, H5P_DEFAULT),
                          H5Dclose);
    check(data);
    if (std::ranges::count(dims, 0U) == 0)
      check(H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
  }

  void texts(const char* name, const std::vector<std::string>& items) {
    std::size_t width = 1;
    for (const auto& item : items) width = std::max(width, item.size());
    std::string buffer;
    for (const auto& item : items) buffer += item + std::string(width - item.size(), '\0');
    array(name, text_type(width), {items.size()}, buffer.data());
  }

  void attribute(const char* name, double value) { put_attribute(name, H5T_NATIVE_DOUBLE, &value); }
  void attribute(const char* name, const std::string& value) {
    if (!value.empty()) put_attribute(name, text_type(value.size()), value.data());
  }

  std::string image() {
    check(H5Fflush(file_, H5F_SCOPE_GLOBAL));
    const auto size = H5Fget_file_image(file_, nullptr, 0);
    check(size);
    std::string result(static_cast<std::size_t>(size), '\0');
    check(H5Fget_file_image(file_, result.data(), result.size()));
    return result;
  }

 private:
  static void check(std::int64_t status) {
    if (status < 0) throw internal_error("HDF5: the file cannot be built in memory");
  }

  hid_t text_type(std::size_t width) {
    text_ = {H5Tcopy(H5T_C_S1), H5Tclose};
    H5Tset_size(text_, width);
    H5Tset_strpad(text_, H5T_STR_NULLPAD);
    H5Tset_cset(text_, H5T_CSET_UTF8);
    return text_;
  }

  void put_attribute(const char* name, hid_t type, const void* value) {
    const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Handle made(H5Acreate2(file_, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    check(made);
    check(H5Awrite(made, type, value));
  }

  Hdf5Handle access_, file_, creation_, text_;
};

void add_annotations(Hdf5Writer& writer, const std::vector<signal::Annotation>& annotations) {
  if (annotations.empty()) return;
  std::vector<std::string> symbols, texts;
  for (const auto& mark : annotations) {
    symbols.push_back(mark.symbol);
    texts.push_back(mark.text);
  }
  writer.group("annotations");
  const auto numbers = [&](const char* name, auto member) {
    std::vector<std::int64_t> values;
    for (const auto& mark : annotations) values.push_back(mark.*member);
    writer.array(name, H5T_NATIVE_INT64, {values.size()}, values.data());
  };
  numbers("annotations/sample", &signal::Annotation::sample);
  numbers("annotations/subtype", &signal::Annotation::subtype);
  numbers("annotations/channel", &signal::Annotation::channel);
  numbers("annotations/number", &signal::Annotation::number);
  writer.texts("annotations/symbol", symbols);
  writer.texts("annotations/text", texts);
}

}  // namespace

void write_hdf5_recording(const fs::path& path, const signal::Recording& recording) {
  const Hdf5Lock lock;
  Hdf5Writer writer;
  writer.attribute("rate_hz", recording.rate_hz);
  writer.attribute("units", std::string("mV"));
  writer.attribute("base_date", recording.base_date);
  writer.attribute("base_time", recording.base_time);
  const auto& device = recording.device;
  writer.attribute("manufacturer", device.manufacturer);
  writer.attribute("model", device.model);
  if (device.highpass_hz) writer.attribute("highpass_hz", *device.highpass_hz);
  if (device.lowpass_hz) writer.attribute("lowpass_hz", *device.lowpass_hz);
  if (device.notch_hz) writer.attribute("notch_hz", *device.notch_hz);
  writer.array("samples", H5T_NATIVE_FLOAT,
               {recording.lead_count(), static_cast<hsize_t>(recording.length())},
               recording.samples().data());
  writer.texts("leads", recording.leads);
  if (!recording.comments.empty()) writer.texts("comments", recording.comments);
  if (!recording.statements.empty()) writer.texts("statements", recording.statements);
  add_annotations(writer, recording.annotations);
  write_file_atomically(path, writer.image());
}

void write_hdf5_arrays(const fs::path& path, std::span<const Hdf5Array> arrays) {
  const Hdf5Lock lock;
  Hdf5Writer writer;
  for (const Hdf5Array& array : arrays) {
    const char* name = array.name.c_str();
    const std::vector<hsize_t> dims(array.dims.begin(), array.dims.end());
    const auto* floats = std::get_if<std::vector<float>>(&array.values);
    if (floats == nullptr) {
      writer.array(name, H5T_NATIVE_INT64, dims,
                   std::get<std::vector<std::int64_t>>(array.values).data());
    } else if (array.half) {  // HDF5 1.10 itself turns 0.24997 into 0.125: it loses the carry
      std::vector<std::uint16_t> narrow(floats->size());
      std::ranges::transform(*floats, narrow.begin(), float_to_half);
      writer.array(name, half_type(), dims, narrow.data());
    } else {
      writer.array(name, H5T_NATIVE_FLOAT, dims, floats->data());
    }
  }
  write_file_atomically(path, writer.image());
}

}  // namespace einthoven::format
