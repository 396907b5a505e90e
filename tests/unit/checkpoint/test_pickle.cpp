#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/pickle.h"
#include "einthoven/checkpoint/pickle_writer.h"

namespace einthoven::checkpoint {
namespace {

using namespace std::string_literals;
using Kind = PickleValue::Kind;

Pickle parse(const std::string& bytes) {
  ByteReader reader(as_bytes(bytes), "x.pkl");
  return read_pickle(reader);
}

std::string refusal(const std::string& bytes) {
  try {
    parse(bytes);
  } catch (const Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST_CASE("protocol 0: {'a': [1, 2.5, None, True], 'b': (-3,)}") {
  const Pickle pickle = parse("(dp0\nVa\np1\n(lp2\nI1\naF2.5\naNaI01\nasVb\n(L-3L\ntp3\ns.");
  const PickleValue* list = pickle.root->get("a");
  REQUIRE(list != nullptr);
  REQUIRE(list->items.size() == 4);
  CHECK(list->items[0]->integer == 1);
  CHECK(list->items[1]->real == 2.5);
  CHECK(list->items[2]->is(Kind::none));
  CHECK(list->items[3]->boolean);
  CHECK(pickle.root->get("b")->items[0]->integer == -3);
  CHECK(pickle.root->get("c") == nullptr);
}

TEST_CASE("protocol 4: frames, short text, memo by order, bytes") {
  const Pickle pickle = parse(
      "\x80\x04\x95\x14\0\0\0\0\0\0\0(\x8c\x01z\x94"s
      "C\x02\xff\0"s
      "h\0t."s);
  REQUIRE(pickle.root->items.size() == 3);
  CHECK(pickle.root->items[0]->text == "z");
  CHECK(pickle.root->items[1]->text == "\xff\0"s);
  CHECK(pickle.root->items[2] == pickle.root->items[0]);
}

TEST_CASE("long integers") {
  CHECK(parse("\x80\x02\x8a\x00."s).root->integer == 0);
  CHECK(parse("\x80\x02\x8a\x01\xff."s).root->integer == -1);
  CHECK(parse("\x80\x02\x8a\x02\xff\x00."s).root->integer == 255);
  const Pickle large = parse("\x80\x02\x8a\x09\0\0\0\0\0\0\0\0\x01."s);
  CHECK(large.root->is(Kind::real));
  CHECK(large.root->real == 18446744073709551616.0);
}

TEST_CASE("the writer's values are read back") {
  const config::Value value = {{"text", "\u00e4"},
                               {"small", -5},
                               {"large", 1LL << 40},
                               {"real", 0.1},
                               {"list", {1, nullptr, true}}};
  PickleWriter writer;
  writer.value(value);
  const Pickle pickle = parse(writer.finish());
  CHECK(pickle.root->get("text")->text == "\u00e4");
  CHECK(pickle.root->get("small")->integer == -5);
  CHECK(pickle.root->get("large")->integer == 1LL << 40);
  CHECK(pickle.root->get("real")->real == 0.1);
  CHECK(pickle.root->get("list")->items[2]->boolean);
}

TEST_CASE("calls of code are refused with their name") {
  const std::string os_system = "cposix\nsystem\n(S'touch /tmp/owned'\ntR.";
  CHECK(refusal(os_system).find("posix.system") != std::string::npos);
  CHECK(refusal("(S'touch /tmp/owned'\niposix\nsystem\n.").find("posix.system") !=
        std::string::npos);
  CHECK(refusal("(cposix\nsystem\nS'x'\no.").find("posix.system") != std::string::npos);
  CHECK(refusal("\x80\x04\x8c\x08"
                "builtins"
                "\x8c\x04"
                "eval"
                "\x93\x8c\x01x\x85R."s)
            .find("builtins.eval") != std::string::npos);
  CHECK(refusal("ctorch\nload\n(S'x'\ntR.").find("torch.load") != std::string::npos);
  CHECK(refusal("\x80\x02"
                "cbuiltins\ngetattr\n)\x81."s)
            .find("getattr") != std::string::npos);
}

TEST_CASE("known objects are kept as data, cycles are harmless") {
  const Pickle pickle = parse("cargparse\nNamespace\n(tR(dS'lr'\nF0.1\nsb.");
  CHECK(pickle.root->is_object("argparse.Namespace"));
  CHECK(pickle.root->state->get("lr")->real == 0.1);
  const Pickle cyclic = parse("]q\0h\0a."s);
  CHECK(cyclic.root->items[0] == cyclic.root);
}

TEST_CASE("bad streams are refused") {
  for (const std::string& bytes : {""s,
                                   "."s,
                                   "("s,
                                   "0."s,
                                   "(."s,
                                   "t."s,
                                   "h\x05."s,
                                   "\xff."s,
                                   "X\xff\xff\xff\x7f"
                                   "a."s,
                                   "}K\x01s."s,
                                   "K\x01K\x02"
                                   "a."s,
                                   "}(K\x01u."s,
                                   "\x80\x09N."s,
                                   "Iabc\n."s,
                                   "\x8d\xff\xff\xff\xff\xff\xff\xff\xff."s,
                                   "NNb."s,
                                   "NNR."s,
                                   "\x8b\xff\xff\xff\xff."s,
                                   "(0."s,
                                   "cargparse\nNamespace\nNR."s}) {
    CAPTURE(bytes);
    CHECK(refusal(bytes) != "accepted");
  }
}

TEST_CASE("bytes in protocols below 3 are text that Latin-1 encodes") {
  const Pickle pickle = parse(
      "\x80\x02"
      "c_codecs\nencode\nX\x03\0\0\0"
      "a\xc3\xbf"
      "X\x06\0\0\0latin1\x86R."s);
  CHECK(bytes_of(*pickle.root, "x") == "a\xff");
  PickleValue number;
  number.kind = Kind::integer;
  CHECK_THROWS_AS(bytes_of(number, "x"), Error);
}

}  // namespace
}  // namespace einthoven::checkpoint
