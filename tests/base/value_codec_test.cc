#include "base/value_codec.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

struct Old {
  std::uint32_t number = 1;
  std::string text = "default";

  static auto fields(auto& r) { return std::tie(r.number, r.text); }
  bool operator==(const Old&) const = default;
};

/// Old, grown at its end.
struct New {
  std::uint32_t number = 1;
  std::string text = "default";
  std::uint64_t added = 42;
  std::string more = "more";

  static auto fields(auto& r) { return std::tie(r.number, r.text, r.added, r.more); }
  bool operator==(const New&) const = default;
};

TEST(ValueCodec, ReturnsWhatItWasGiven) {
  const New record{0xffffffff, std::string("\0\xff", 2), std::numeric_limits<std::uint64_t>::max(),
                   std::string(1000, 'x')};
  New decoded;
  ASSERT_TRUE(decode_value(encode_value(record), decoded));
  EXPECT_EQ(decoded, record);
}

TEST(ValueCodec, AnOlderValueLeavesNewFieldsAtTheirDefaults) {
  New decoded{.added = 7, .more = "stale"};
  ASSERT_TRUE(decode_value(encode_value(Old{5, "old"}), decoded));
  EXPECT_EQ(decoded, (New{5, "old", 42, "more"}));
}

TEST(ValueCodec, ANewerValueCanBeReadByItsOldFields) {
  Old decoded;
  ASSERT_TRUE(decode_value(encode_value(New{5, "new", 6, "x"}), decoded));
  EXPECT_EQ(decoded, (Old{5, "new"}));
}

TEST(ValueCodec, TheFormatOnDiskIsFixed) {
  EXPECT_EQ(encode_value(Old{300, "ab"}),
            "\x01\xac\x02\x02"
            "ab");
}

TEST(ValueCodec, RejectsWhatItDidNotWrite) {
  Old decoded;
  EXPECT_FALSE(decode_value("", decoded));
  EXPECT_FALSE(decode_value("\x02", decoded)) << "an unknown version";
  EXPECT_FALSE(decode_value("\x01\x80", decoded)) << "a number cut off";
  EXPECT_FALSE(decode_value("\x01\x05\x09short", decoded)) << "a text cut off";
  EXPECT_FALSE(decode_value("\x01\xff\xff\xff\xff\x1f\x01x", decoded)) << "a number too great";
  EXPECT_FALSE(decode_value("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", decoded))
      << "a number without end";
}

void expect_read_or_rejected(const std::string& bytes) {
  New decoded;
  if (!decode_value(bytes, decoded)) return;
  New again;
  EXPECT_TRUE(decode_value(encode_value(decoded), again));
  EXPECT_EQ(again, decoded);
}

TEST(ValueCodec, AnyBytesAreReadOrRejected) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = encode_value(New{static_cast<std::uint32_t>(random()), "text", random()});
    bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 1));
    expect_read_or_rejected(bytes);
  }
}

void expect_varint_kept(std::uint64_t number) {
  std::string out;
  append_varint(out, number);
  std::string_view in = out;
  std::uint64_t decoded = 0;
  EXPECT_TRUE(take_varint(in, decoded));
  EXPECT_EQ(decoded, number);
  EXPECT_TRUE(in.empty());
}

TEST(Varint, KeepsEveryNumber) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    expect_varint_kept((std::uint64_t{1} << bit) - 1);
    expect_varint_kept(std::uint64_t{1} << bit);
  }
}

}  // namespace
}  // namespace confab
