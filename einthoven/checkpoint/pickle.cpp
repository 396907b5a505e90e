#include "einthoven/checkpoint/pickle.h"

#include <fmt/core.h>

#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/checkpoint/pickle_globals.h"

namespace einthoven::checkpoint {
namespace {

using Kind = PickleValue::Kind;
using Items = std::vector<PickleValue*>;

/// The stack machine of Python's pickle module (pickletools.py documents every opcode).
class Machine {
 public:
  explicit Machine(ByteReader& reader) : reader_(reader) {}

  Pickle run() {
    for (;;) {
      const char op = reader_.read<char>();
      if (op == '.') break;
      if (!number(op) && !text(op) && !container(op) && !memory(op) && !object(op))
        reader_.fail("pickle", fmt::format("opcode 0x{:02x} is not supported",
                                           static_cast<unsigned char>(op)));
    }
    pickle_.root = pop();
    return std::move(pickle_);
  }

 private:
  bool number(char op);
  bool text(char op);
  bool container(char op);
  bool memory(char op);
  bool object(char op);

  PickleValue* make(Kind kind) {
    pickle_.values.emplace_back();
    pickle_.values.back().kind = kind;
    return &pickle_.values.back();
  }
  bool push(PickleValue* value) {
    stack_.push_back(value);
    return true;
  }
  bool push_integer(std::int64_t value) {
    PickleValue* node = make(Kind::integer);
    node->integer = value;
    return push(node);
  }
  bool push_real(double value) {
    PickleValue* node = make(Kind::real);
    node->real = value;
    return push(node);
  }
  bool push_boolean(bool value) {
    PickleValue* node = make(Kind::boolean);
    node->boolean = value;
    return push(node);
  }
  bool push_text(Kind kind, std::string_view value) {
    PickleValue* node = make(kind);
    node->text = value;
    return push(node);
  }
  bool push_items(Kind kind, Items items) {
    PickleValue* node = make(kind);
    if (kind == Kind::dict && items.size() % 2 != 0) reader_.fail("pickle", "a key without value");
    node->items = std::move(items);
    return push(node);
  }

  /// Values below the newest mark belong to what was begun before it.
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  PickleValue* pop() {
    if (stack_.size() <= floor()) reader_.fail("pickle", "stack is empty");
    PickleValue* value = stack_.back();
    stack_.pop_back();
    return value;
  }
  PickleValue* top() {
    if (stack_.size() <= floor()) reader_.fail("pickle", "stack is empty");
    return stack_.back();
  }
  Items pop_last(std::size_t count) {
    Items items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    return items;
  }
  Items pop_mark() {
    if (marks_.empty()) reader_.fail("pickle", "no mark on the stack");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    Items items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }
  bool append(Items items, bool pairs) {
    PickleValue* target = top();
    const bool fits =
        target->is(Kind::object) ||
        (pairs ? target->is(Kind::dict) : target->is(Kind::list) || target->is(Kind::set));
    if (!fits || (pairs && items.size() % 2 != 0))
      reader_.fail("pickle", "items for something that holds none");
    target->items.insert(target->items.end(), items.begin(), items.end());
    return true;
  }

  std::string_view line() {
    std::size_t length = 0;
    const std::size_t start = reader_.offset();
    while (reader_.read<char>() != '\n') ++length;
    reader_.seek(start);
    const std::string_view value = reader_.text(length);
    reader_.skip(1);
    return value;
  }
  std::string_view sized(std::uint64_t length) {
    if (length > reader_.remaining()) reader_.fail("pickle", "text is longer than the file");
    return reader_.text(static_cast<std::size_t>(length));
  }

  bool push_long(std::string_view little_endian);
  bool push_decimal(std::string_view digits);
  bool push_global(std::string_view module, std::string_view name) {
    return push_text(Kind::global, fmt::format("{}.{}", module, name));
  }
  bool push_call(const PickleValue* callable, Items args);
  Items arguments(const PickleValue* tuple) {
    if (!tuple->is(Kind::tuple)) reader_.fail("pickle", "arguments are not a tuple");
    return tuple->items;
  }
  bool remember(std::uint64_t key) {
    memo_[key] = top();
    return true;
  }
  bool recall(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) reader_.fail("pickle", fmt::format("memo {} was never set", key));
    return push(found->second);
  }
  std::uint64_t line_index() {
    const auto key = parse_int(line());
    if (!key || *key < 0) reader_.fail("pickle", "bad memo number");
    return static_cast<std::uint64_t>(*key);
  }

  ByteReader& reader_;
  Pickle pickle_;
  Items stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

bool Machine::push_long(std::string_view little_endian) {
  const std::size_t size = little_endian.size();
  const bool negative = size > 0 && (static_cast<unsigned char>(little_endian[size - 1]) & 0x80);
  if (size <= 8) {
    std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = size; i-- > 0;)
      bits = (bits << 8) | static_cast<unsigned char>(little_endian[i]);
    return push_integer(static_cast<std::int64_t>(bits));
  }
  double value = negative ? -1.0 : 0.0;  // beyond 64 bits: the nearest double
  for (std::size_t i = size; i-- > 0;)
    value = value * 256 + static_cast<unsigned char>(little_endian[i]);
  return push_real(value);
}

bool Machine::push_decimal(std::string_view digits) {
  if (!digits.empty() && digits.back() == 'L') digits.remove_suffix(1);
  if (const auto value = parse_int(digits)) return push_integer(*value);
  const auto value = parse_double(digits);
  if (!value) reader_.fail("pickle", "bad number");
  return push_real(*value);
}

bool Machine::number(char op) {
  switch (op) {
    case 'N':
      return push(make(Kind::none));
    case '\x88':
      return push_boolean(true);
    case '\x89':
      return push_boolean(false);
    case 'J':
      return push_integer(reader_.read<std::int32_t>());
    case 'K':
      return push_integer(reader_.read<std::uint8_t>());
    case 'M':
      return push_integer(reader_.read<std::uint16_t>());
    case '\x8a':
      return push_long(sized(reader_.read<std::uint8_t>()));
    case '\x8b':
      return push_long(sized(reader_.read<std::uint32_t>()));
    case 'G':
      return push_real(reader_.read<double>(std::endian::big));
    case 'L':
      return push_decimal(line());
    case 'I': {
      const std::string_view digits = line();
      if (digits == "00" || digits == "01") return push_boolean(digits == "01");
      return push_decimal(digits);
    }
    case 'F': {
      const auto value = parse_double(line());
      if (!value) reader_.fail("pickle", "bad number");
      return push_real(*value);
    }
    default:
      return false;
  }
}

bool Machine::text(char op) {
  switch (op) {
    case 'X':
      return push_text(Kind::text, sized(reader_.read<std::uint32_t>()));
    case '\x8c':
      return push_text(Kind::text, sized(reader_.read<std::uint8_t>()));
    case '\x8d':
      return push_text(Kind::text, sized(reader_.read<std::uint64_t>()));
    case 'V':
      return push_text(Kind::text, line());
    case 'T':
      return push_text(Kind::text, sized(reader_.read<std::uint32_t>()));
    case 'U':
      return push_text(Kind::text, sized(reader_.read<std::uint8_t>()));
    case 'B':
      return push_text(Kind::bytes, sized(reader_.read<std::uint32_t>()));
    case 'C':
      return push_text(Kind::bytes, sized(reader_.read<std::uint8_t>()));
    case '\x8e':
    case '\x96':
      return push_text(Kind::bytes, sized(reader_.read<std::uint64_t>()));
    case 'S': {
      const std::string_view quoted = trim(line());
      if (quoted.size() < 2 || quoted.front() != quoted.back())
        reader_.fail("pickle", "text without quotes");
      return push_text(Kind::text, quoted.substr(1, quoted.size() - 2));
    }
    default:
      return false;
  }
}

bool Machine::container(char op) {
  switch (op) {
    case ']':
      return push_items(Kind::list, {});
    case '}':
      return push_items(Kind::dict, {});
    case ')':
      return push_items(Kind::tuple, {});
    case '\x8f':
      return push_items(Kind::set, {});
    case 'l':
      return push_items(Kind::list, pop_mark());
    case 'd':
      return push_items(Kind::dict, pop_mark());
    case 't':
      return push_items(Kind::tuple, pop_mark());
    case '\x91':
      return push_items(Kind::set, pop_mark());
    case '\x85':
      return push_items(Kind::tuple, pop_last(1));
    case '\x86':
      return push_items(Kind::tuple, pop_last(2));
    case '\x87':
      return push_items(Kind::tuple, pop_last(3));
    case 'a':
      return append(pop_last(1), false);
    case 's':
      return append(pop_last(2), true);
    case 'e':
    case '\x90':
      return append(pop_mark(), false);
    case 'u':
      return append(pop_mark(), true);
    default:
      return false;
  }
}

bool Machine::memory(char op) {
  switch (op) {
    case '\x80':
      if (reader_.read<std::uint8_t>() > 5) reader_.fail("pickle", "unknown protocol");
      return true;
    case '\x95':
      reader_.skip(8);
      return true;
    case '(':
      marks_.push_back(stack_.size());
      return true;
    case '0':
      pop();
      return true;
    case '1':
      pop_mark();
      return true;
    case '2':
      return push(top());
    case 'g':
      return recall(line_index());
    case 'h':
      return recall(reader_.read<std::uint8_t>());
    case 'j':
      return recall(reader_.read<std::uint32_t>());
    case 'p':
      return remember(line_index());
    case 'q':
      return remember(reader_.read<std::uint8_t>());
    case 'r':
      return remember(reader_.read<std::uint32_t>());
    case '\x94':
      return remember(memo_.size());
    default:
      return false;
  }
}

bool Machine::push_call(const PickleValue* callable, Items args) {
  if (!callable->is(Kind::global)) reader_.fail("pickle", "a call of something that is no global");
  if (!is_data_global(callable->text))
    reader_.fail("pickle", fmt::format("refused: the file wants to call {}", callable->text));
  PickleValue* node = make(Kind::object);
  node->text = callable->text;
  node->args = std::move(args);
  // Python 2 wrote OrderedDict([[key, value], ...]).
  if (node->is_mapping() && !node->args.empty() && node->args[0]->is(Kind::list))
    for (const PickleValue* pair : node->args[0]->items)
      if (pair->items.size() == 2)
        node->items.insert(node->items.end(), pair->items.begin(), pair->items.end());
  return push(node);
}

bool Machine::object(char op) {
  switch (op) {
    case 'c': {
      const std::string_view module = line();
      return push_global(module, line());
    }
    case '\x93': {
      const Items names = pop_last(2);
      if (!names[0]->is(Kind::text) || !names[1]->is(Kind::text))
        reader_.fail("pickle", "name of a global is not text");
      return push_global(names[0]->text, names[1]->text);
    }
    case 'R':
    case '\x81': {
      const Items call = pop_last(2);
      return push_call(call[0], arguments(call[1]));
    }
    case '\x92': {
      const Items call = pop_last(3);
      return push_call(call[0], arguments(call[1]));
    }
    case 'o': {
      Items call = pop_mark();
      if (call.empty()) reader_.fail("pickle", "an object without class");
      return push_call(call[0], Items(call.begin() + 1, call.end()));
    }
    case 'i': {
      const std::string_view module = line();
      push_global(module, line());
      const PickleValue* callable = stack_.back();
      stack_.pop_back();
      return push_call(callable, pop_mark());
    }
    case 'b': {
      PickleValue* state = pop();
      if (!top()->is(Kind::object)) reader_.fail("pickle", "state for something that is no object");
      top()->state = state;
      return true;
    }
    case 'P':
      push_text(Kind::text, line());
      [[fallthrough]];
    case 'Q': {
      PickleValue* node = make(Kind::persistent);
      node->state = pop();
      return push(node);
    }
    default:
      return false;
  }
}

}  // namespace

bool PickleValue::is_mapping() const {
  return kind == Kind::dict || is_object("collections.OrderedDict") ||
         is_object("collections.defaultdict");
}

const PickleValue* PickleValue::get(std::string_view key) const {
  if (!is_mapping()) return nullptr;
  for (std::size_t i = items.size() / 2; i-- > 0;)
    if (items[2 * i]->is(Kind::text) && items[2 * i]->text == key) return items[2 * i + 1];
  return nullptr;
}

Pickle read_pickle(ByteReader& reader) { return Machine(reader).run(); }

std::string bytes_of(const PickleValue& value, const std::string& source) {
  if (value.is(Kind::bytes) || value.is(Kind::text)) return value.text;
  if (!value.is_object("_codecs.encode") || value.args.empty() || !value.args[0]->is(Kind::text))
    throw checkpoint_error(source, "pickle", "bytes expected");
  // Latin-1 text stored as UTF-8: every byte is one or two bytes long.
  const std::string& encoded = value.args[0]->text;
  std::string bytes;
  bytes.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const auto lead = static_cast<unsigned char>(encoded[i]);
    if (lead < 0x80) {
      bytes.push_back(encoded[i]);
      continue;
    }
    if ((lead != 0xC2 && lead != 0xC3) || ++i == encoded.size())
      throw checkpoint_error(source, "pickle", "bytes are not Latin-1 text");
    bytes.push_back(static_cast<char>((lead << 6) | (encoded[i] & 0x3F)));
  }
  return bytes;
}

}  // namespace einthoven::checkpoint
