#include <fmt/core.h>

#include <array>

#include "einthoven/base/error.h"
#include "einthoven/format/hdf5_file.h"
#include "einthoven/format/mat_reader.h"

namespace einthoven::format {
namespace {

struct ClassRow {
  std::string_view name;
  MatClass cls;
  Hdf5Number number;
};

constexpr std::array<ClassRow, 12> kClasses = {{
    {"double", MatClass::float64, Hdf5Number::float64},
    {"single", MatClass::float32, Hdf5Number::float32},
    {"char", MatClass::text, Hdf5Number::uint16},
    {"logical", MatClass::uint8, Hdf5Number::uint8},
    {"int8", MatClass::int8, Hdf5Number::int8},
    {"uint8", MatClass::uint8, Hdf5Number::uint8},
    {"int16", MatClass::int16, Hdf5Number::int16},
    {"uint16", MatClass::uint16, Hdf5Number::uint16},
    {"int32", MatClass::int32, Hdf5Number::int32},
    {"uint32", MatClass::uint32, Hdf5Number::uint32},
    {"int64", MatClass::int64, Hdf5Number::int64},
    {"uint64", MatClass::uint64, Hdf5Number::uint64},
}};

const ClassRow* class_named(std::string_view name) {
  for (const auto& row : kClasses)
    if (row.name == name) return &row;
  return nullptr;
}

/// A data set of numbers or text, or nothing for another class (cells, sparse, complex, objects).
std::optional<MatVariable> read_array(const Hdf5File& file, const std::string& path) {
  const auto name = file.text_attribute(path, "MATLAB_class");
  const ClassRow* row = class_named(name.value_or(""));
  const Hdf5Object object = file.object(path);
  if (row == nullptr || (object.kind != Hdf5Kind::integer && object.kind != Hdf5Kind::floating))
    return std::nullopt;
  MatVariable variable;
  variable.cls = row->cls;
  variable.logical = *name == "logical";
  if (file.number_attribute(path, "MATLAB_empty").value_or(0) != 0) {
    variable.dims = {0, 0};  // the data set holds the dimensions, one of which is 0
    return variable;
  }
  variable.dims.assign(object.dims.rbegin(), object.dims.rend());  // stored last axis first
  while (variable.dims.size() < 2) variable.dims.push_back(1);
  variable.data = file.elements(path, row->number);
  return variable;
}

/// A 1x1 structure is a group whose members are its fields.
MatVariable read_structure(const Hdf5File& file, const std::string& path) {
  MatVariable variable;
  variable.cls = MatClass::structure;
  variable.dims = {1, 1};
  for (const auto& name : file.names(path)) {
    auto field = read_array(file, path + "/" + name);
    if (!field) continue;
    field->name = name;
    variable.fields.push_back(name);
    variable.children.push_back(std::move(*field));
  }
  return variable;
}

std::optional<MatVariable> read_variable(const Hdf5File& file, const std::string& path) {
  if (file.object(path).kind != Hdf5Kind::group) return read_array(file, path);
  if (file.text_attribute(path, "MATLAB_class") != "struct") return std::nullopt;
  return read_structure(file, path);
}

}  // namespace

MatFile mat_from_hdf5(const Hdf5File& file) {
  MatFile result;
  result.source = file.source();
  result.version = 7;
  for (const auto& name : file.names())
    if (auto variable = read_variable(file, name)) {
      variable->name = name;
      result.variables.push_back(std::move(*variable));
    }
  return result;
}

}  // namespace einthoven::format
