// Message keys and the names of timelines.
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/conversation.h"
#include "domain/messages.h"

namespace confab {
namespace {

using namespace std::string_literals;

constexpr AppId kApp{1};
constexpr auto kMax = std::numeric_limits<std::uint32_t>::max();

// G3.
TEST(MessageKeyText, ReadsWhatItWrites) {
  for (const MessageKey& key :
       {MessageKey{}, MessageKey{1, 2, 3}, MessageKey{93847, 1287, 1'700'000'000},
        MessageKey{kMax, kMax, kMax}}) {
    const auto text = format_message_key(key);
    EXPECT_LE(text.size(), 50U);
    EXPECT_EQ(parse_message_key(text), key) << text;
  }
  EXPECT_EQ(format_message_key({1, 2, 3}), "1_2_3");
}

TEST(MessageKeyText, RefusesEverythingElse) {
  for (const auto& text : {""s,
                           "_"s,
                           "__"s,
                           "1"s,
                           "1_2"s,
                           "1_2_"s,
                           "_1_2"s,
                           "1__2"s,
                           "1_2_3_"s,
                           "1_2_3_4"s,
                           " 1_2_3"s,
                           "1_2_3 "s,
                           "1_ 2_3"s,
                           "1-2-3"s,
                           "+1_2_3"s,
                           "-1_2_3"s,
                           "1_-2_3"s,
                           "0x1_2_3"s,
                           "1.0_2_3"s,
                           "4294967296_2_3"s,
                           "1_2_4294967296"s,
                           "99999999999999999999_2_3"s,
                           "1_2_3\n"s,
                           "1_2_3\0"s,
                           "\0001_2_3"s,
                           "1_2_\xd9\xa3"s,
                           std::string(10'000, '1'),
                           std::string(10'000, '_')}) {
    EXPECT_EQ(parse_message_key(text), std::nullopt) << text;
  }
}

const std::vector<std::string>& odd_names() {
  static const std::vector<std::string> kNames{"",       "\0"s,     "\0\0"s,     "\0\x01"s,
                                               "\x01"s,  "\x01\0"s, "\xff"s,     "\0\xff"s,
                                               "a"s,     "a\0"s,    "a\0b"s,     "b"s,
                                               "ab"s,    "aa"s,     "c"s,        "\x7f"s,
                                               "a\x01"s, "\xff\0"s, "\0\0\x01"s, "_"s,
                                               "a_b"s,   " "s,      "\xff\xff"s, "a\0\x01"s};
  return kNames;
}

TEST(C2cTimeline, IsTheSameFromBothSides) {
  for (const auto& a : odd_names()) {
    for (const auto& b : odd_names())
      EXPECT_EQ(c2c_timeline(kApp, a, b), c2c_timeline(kApp, b, a));
  }
}

TEST(C2cTimeline, DiffersForEveryPair) {
  std::set<std::string> timelines;
  std::size_t pairs = 0;
  for (const auto& a : odd_names()) {
    for (const auto& b : odd_names()) {
      if (a > b) continue;
      timelines.insert(c2c_timeline(kApp, a, b).owner);
      ++pairs;
    }
  }
  EXPECT_EQ(timelines.size(), pairs);
}

TEST(C2cTimeline, NamesItsUsersLowerFirst) {
  for (const auto& a : odd_names()) {
    for (const auto& b : odd_names()) {
      const auto users = c2c_users(c2c_timeline(kApp, a, b));
      EXPECT_EQ(users.first, std::min(a, b));
      EXPECT_EQ(users.second, std::max(a, b));
    }
  }
}

TEST(C2cTimeline, OfDifferentAppsAreDifferentShards) {
  EXPECT_NE(c2c_timeline(kApp, "a", "b"), c2c_timeline(AppId{2}, "a", "b"));
}

TEST(SideOf, TheTwoUsersHaveDifferentSides) {
  EXPECT_EQ(side_of("a", "b"), Side::kLow);
  EXPECT_EQ(side_of("b", "a"), Side::kHigh);
  EXPECT_EQ(side_of("a", "a"), Side::kLow);
}

// C1.
TEST(UserId, IsPrintableAsciiUpTo32Bytes) {
  for (const auto& good : {"a"s, " "s, "~"s, "a b"s, std::string(32, 'x')})
    EXPECT_TRUE(is_user_id(good)) << good;
  for (const auto& bad : {""s, std::string(33, 'x'), "a\0"s, "a\n"s, "\x7f"s, "\x1f"s, "\xc3\xa9"s})
    EXPECT_FALSE(is_user_id(bad)) << bad;
}

}  // namespace
}  // namespace confab
