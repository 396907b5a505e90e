#include "einthoven/checkpoint/plain_value.h"

#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/checkpoint/numpy_value.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;
using Kind = PickleValue::Kind;

constexpr int kDeepest = 200;
constexpr std::size_t kNodeCost = 64;
constexpr std::size_t kLargest = std::size_t{1} << 29;

class Converter {
 public:
  Converter(const PtFile& file, const std::string& name) : file_(file), name_(name) {}

  Value convert(const PickleValue& value, int depth) {
    spent_ += kNodeCost + value.text.size();
    if (depth > kDeepest) throw checkpoint_error(file_.source(), name_, "nested too deeply");
    if (spent_ > kLargest) throw checkpoint_error(file_.source(), name_, "too large");
    switch (value.kind) {
      case Kind::none:
        return nullptr;
      case Kind::boolean:
        return value.boolean;
      case Kind::integer:
        return value.integer;
      case Kind::real:
        return value.real;
      case Kind::text:
      case Kind::global:
        return value.text;
      case Kind::list:
      case Kind::tuple:
      case Kind::set:
        return list(value, depth);
      case Kind::dict:
        return mapping(value, depth);
      case Kind::object:
        return object(value, depth);
      case Kind::bytes:
      case Kind::persistent:
        return nullptr;
    }
    return nullptr;
  }

 private:
  Value list(const PickleValue& value, int depth) {
    Value result = Value::array();
    for (const PickleValue* item : value.items) result.push_back(convert(*item, depth + 1));
    return result;
  }

  Value mapping(const PickleValue& value, int depth) {
    Value result = Value::object();
    for (std::size_t i = 0; i + 1 < value.items.size(); i += 2)
      result[key(*value.items[i])] = convert(*value.items[i + 1], depth + 1);
    return result;
  }

  std::string key(const PickleValue& value) const {
    switch (value.kind) {
      case Kind::text:
        return value.text;
      case Kind::integer:
        return std::to_string(value.integer);
      case Kind::real:
        return python_float(value.real);
      case Kind::boolean:
        return value.boolean ? "True" : "False";
      case Kind::none:
        return "None";
      default:
        throw checkpoint_error(file_.source(), name_, "a key is neither text nor number");
    }
  }

  Value object(const PickleValue& value, int depth) {
    if (value.is_mapping()) return mapping(value, depth);
    if (is_numpy_scalar(value)) return numpy_scalar(value, file_.source());
    if (is_numpy_array(value) && !is_numeric_array(value)) return nullptr;
    if (PtFile::is_tensor(value)) return number(value);
    if (value.is_object("torch.Size") && !value.args.empty()) return list(*value.args[0], depth);
    if (value.state == nullptr || !value.state->is_mapping()) return nullptr;
    // omegaconf keeps a node's content in `_content` or `_val`; a Namespace its attributes in
    // state.
    if (const PickleValue* content = value.state->get("_content"))
      return convert(*content, depth + 1);
    if (const PickleValue* leaf = value.state->get("_val")) return convert(*leaf, depth + 1);
    if (value.is_object("argparse.Namespace")) return mapping(*value.state, depth);
    return nullptr;
  }

  Value number(const PickleValue& value) const {
    const at::Tensor tensor = file_.tensor(value, name_);
    if (tensor.numel() != 1) return nullptr;
    if (tensor.is_floating_point()) return tensor.item<double>();
    if (tensor.scalar_type() == at::kBool) return tensor.item<bool>();
    return tensor.item<std::int64_t>();
  }

  const PtFile& file_;
  const std::string& name_;
  std::size_t spent_ = 0;
};

}  // namespace

Value plain_value(const PtFile& file, const PickleValue& value, const std::string& name) {
  return Converter(file, name).convert(value, 0);
}

}  // namespace einthoven::checkpoint
