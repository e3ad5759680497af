#include "base/random.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(Random, ASeedRepeatsItself) {
  SeededRandom one(7);
  SeededRandom two(7);
  SeededRandom other(8);
  const auto first = one.next();
  EXPECT_EQ(first, two.next());
  EXPECT_NE(first, other.next());
  EXPECT_NE(first, one.next());
}

TEST(Random, HexHasTwoLowerCaseDigitsForEachByte) {
  SystemRandom random;
  EXPECT_EQ(random_hex(random, 0), "");
  std::set<char> digits;
  for (int i = 0; i < 100; ++i) {
    const auto hex = random_hex(random, 16);
    EXPECT_EQ(hex.size(), 32U);
    EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos) << hex;
    digits.insert(hex.begin(), hex.end());
  }
  EXPECT_EQ(digits.size(), 16U);
}

TEST(Random, HexDoesNotRepeat) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    EXPECT_TRUE(seen.insert(random_hex(random, 16)).second);
}

}  // namespace
}  // namespace confab
