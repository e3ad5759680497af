#include "base/key_codec.h"

#include <cstdint>
#include <random>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace confab {
namespace {

using Fields = std::tuple<std::string, std::uint32_t, std::string, std::uint64_t, std::uint8_t>;

std::string encode(const Fields& fields) {
  std::string out;
  std::apply([&](const auto&... field) { (append_key(out, field), ...); }, fields);
  return out;
}

bool decode(std::string_view in, Fields& fields) {
  return std::apply([&](auto&... field) { return (take_key(in, field) && ...); }, fields) &&
         in.empty();
}

constexpr char kBytes[] = {'\0', '\x01', 'a', '\xfe', '\xff'};

/// Short texts of few bytes, so that equal beginnings and the special bytes are common.
std::string random_text(std::mt19937_64& random) {
  std::string text;
  for (auto size = random() % 5; size > 0; --size)
    text += kBytes[random() % std::size(kBytes)];
  return text;
}

Fields random_fields(std::mt19937_64& random) {
  const auto number = [&] {
    return random() >> (random() % 64);
  };
  return {random_text(random), static_cast<std::uint32_t>(number()), random_text(random), number(),
          static_cast<std::uint8_t>(number())};
}

void expect_same_order(const Fields& a, const Fields& b) {
  EXPECT_EQ(encode(a) < encode(b), a < b);
  EXPECT_EQ(encode(a) == encode(b), a == b);
}

void expect_round_trip(const Fields& fields) {
  Fields decoded;
  EXPECT_TRUE(decode(encode(fields), decoded));
  EXPECT_EQ(decoded, fields);
}

TEST(KeyCodec, KeepsTheOrderOfFieldsAndReturnsThem) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const auto a = random_fields(random);
    auto b = random_fields(random);
    if (i % 2 == 0) std::get<0>(b) = std::get<0>(a);
    expect_same_order(a, b);
    expect_round_trip(a);
  }
}

TEST(KeyCodec, SkipsJustThisTextOrNumber) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 10'000; ++i) {
    const auto here = random_text(random);
    const auto wanted = random_text(random);
    std::string bytes;
    append_key(bytes, here);
    append_key(bytes, std::uint32_t{7});
    std::string_view in = bytes;
    ASSERT_EQ(skip_key(in, wanted), here == wanted);
    in = bytes;
    ASSERT_TRUE(skip_key(in, here) && skip_key(in, std::uint32_t{7}) && in.empty());
    in = bytes;
    ASSERT_FALSE(skip_key(in, here) && skip_key(in, std::uint32_t{8}));
  }
}

TEST(KeyCodec, TheFormatOnDiskIsFixed) {
  using std::string_literals::operator""s;
  EXPECT_EQ(encode({"a\0b\xff"s, 0x01020304, "", 0x05060708090a0b0c, 0xfe}),
            "a\0\xff"
            "b\xff\0\x01\x01\x02\x03\x04\0\x01\x05\x06\x07\x08\x09\x0a\x0b\x0c\xfe"s);
}

TEST(KeyCodec, NoTextIsAPrefixOfAnother) {
  std::string shorter;
  std::string longer;
  append_key(shorter, std::string_view("a"));
  append_key(longer, std::string_view("ab"));
  EXPECT_FALSE(longer.starts_with(shorter));
}

TEST(KeyCodec, RejectsWhatWasCutOff) {
  const auto whole = encode({std::string("a\0b", 3), 7, "x", 8, 9});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Fields fields;
    EXPECT_FALSE(decode(std::string_view(whole).substr(0, size), fields)) << size;
  }
}

TEST(KeyCodec, RejectsAnUnknownEscape) {
  std::string_view in("a\0\x02", 3);
  std::string text;
  EXPECT_FALSE(take_key(in, text));
}

TEST(KeyCodec, AfterPrefixIsTheLeastStringBeyondIt) {
  EXPECT_EQ(after_prefix("a"), "b");
  EXPECT_EQ(after_prefix("a\xff"), "b");
  EXPECT_EQ(after_prefix(std::string_view("a\0", 2)), "a\x01");
  EXPECT_EQ(after_prefix("\xff\xff"), "");
  EXPECT_EQ(after_prefix(""), "");
  EXPECT_EQ(after_prefix("\x7f"), "\x80");
}

}  // namespace
}  // namespace confab
