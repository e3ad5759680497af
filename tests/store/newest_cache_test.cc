#include "store/newest_cache.h"

#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

constexpr auto kYes = [] {
  return true;
};
constexpr auto kNo = [] {
  return false;
};

using Value = NewestCache::Value;

TEST(NewestCache, KnowsWhatItKeepsAlsoThatThereIsNothing) {
  NewestCache cache(1000);
  EXPECT_EQ(cache.find("a"), std::nullopt);
  cache.keep("a", "value", kYes);
  cache.keep("b", std::nullopt, kYes);
  EXPECT_EQ(cache.find("a"), std::optional<Value>("value"));
  EXPECT_EQ(cache.find("b"), std::optional<Value>(Value()));
  EXPECT_EQ(cache.find("c"), std::nullopt);
}

TEST(NewestCache, KeepsNothingThatMayBeOld) {
  NewestCache cache(1000);
  cache.keep("a", "old", kNo);
  EXPECT_EQ(cache.find("a"), std::nullopt);
  cache.keep("a", "new", kYes);
  cache.keep("a", "old", kNo);
  EXPECT_EQ(cache.find("a"), std::optional<Value>("new"));
}

TEST(NewestCache, ForgetsAndSaysWhetherItKnew) {
  NewestCache cache(1000);
  cache.keep("a", "value", kYes);
  EXPECT_TRUE(cache.forget("a"));
  EXPECT_FALSE(cache.forget("a"));
  EXPECT_EQ(cache.find("a"), std::nullopt);
}

TEST(NewestCache, HasRoomForAsManyAsItIsToldAndTakesNewOnesForOld) {
  NewestCache cache(256);
  for (int i = 0; i < 10'000; ++i)
    cache.keep(std::to_string(i), "value", kYes);
  int known = 0;
  for (int i = 0; i < 10'000; ++i)
    known += cache.find(std::to_string(i)) ? 1 : 0;
  EXPECT_LE(known, 256);
  EXPECT_GT(known, 128);
  EXPECT_TRUE(cache.find("9999"));
}

TEST(NewestCache, KeepsNoLongValueAndWithoutRoomNone) {
  NewestCache cache(1000);
  cache.keep("a", std::string(257, 'x'), kYes);
  EXPECT_EQ(cache.find("a"), std::nullopt);
  NewestCache none(0);
  none.keep("a", "value", kYes);
  EXPECT_EQ(none.find("a"), std::nullopt);
  EXPECT_FALSE(none.forget("a"));
}

}  // namespace
}  // namespace confab
