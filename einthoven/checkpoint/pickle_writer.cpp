#include "einthoven/checkpoint/pickle_writer.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace einthoven::checkpoint {

using Type = nlohmann::detail::value_t;

PickleWriter::PickleWriter() {
  op('\x80');
  op('\x02');
}

void PickleWriter::integer(std::int64_t value) {
  if (value >= std::numeric_limits<std::int32_t>::min() &&
      value <= std::numeric_limits<std::int32_t>::max()) {
    op('J');
    bytes_.write(static_cast<std::int32_t>(value));
    return;
  }
  op('\x8a');  // LONG1, little-endian two's complement
  bytes_.write<std::uint8_t>(8);
  bytes_.write(value);
}

void PickleWriter::real(double value) {
  op('G');
  bytes_.write(value, std::endian::big);
}

void PickleWriter::text(std::string_view value) {
  op('X');
  bytes_.write(static_cast<std::uint32_t>(value.size()));
  bytes_.text(value);
}

void PickleWriter::begin_dict() {
  op('}');
  op('(');
}

void PickleWriter::begin_list() {
  op(']');
  op('(');
}

void PickleWriter::counts(const std::vector<std::int64_t>& values) {
  begin_tuple();
  for (const std::int64_t item : values) integer(item);
  end_tuple();
}

void PickleWriter::global(std::string_view module, std::string_view name) {
  op('c');
  bytes_.text(module);
  op('\n');
  bytes_.text(name);
  op('\n');
}

void PickleWriter::value(const config::Value& value) {
  switch (value.type()) {
    case Type::boolean:
      return boolean(value.get<bool>());
    case Type::number_integer:
      return integer(value.get<std::int64_t>());
    case Type::number_unsigned: {
      const auto number = value.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        op('\x8a');
        bytes_.write<std::uint8_t>(9);
        bytes_.write(number);
        return bytes_.zeros(1);
      }
      return integer(static_cast<std::int64_t>(number));
    }
    case Type::number_float:
      return real(value.get<double>());
    case Type::string:
      return text(value.get_ref<const std::string&>());
    case Type::array:
      begin_list();
      for (const auto& item : value) this->value(item);
      return end_list();
    case Type::object:
      begin_dict();
      for (const auto& [key, item] : value.items()) {
        text(key);
        this->value(item);
      }
      return end_dict();
    default:
      return none();
  }
}

const std::string& PickleWriter::finish() {
  op('.');
  return bytes_.str();
}

}  // namespace einthoven::checkpoint
