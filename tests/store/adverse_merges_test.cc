// The store in memory with merges delayed, repeated and reordered.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/memory_store.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

/// Appends every operand: shows order and repetition, which no real rule may depend on.
std::string append_operand(std::optional<std::string_view> value, std::string_view operand) {
  return std::string(value.value_or("")) + std::string(operand);
}

class AdverseMergesTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  std::unique_ptr<MemoryStore> open(std::vector<MergeRule> rules) {
    return MemoryStore::create(
        {.merge_rules = std::move(rules), .adverse_merges_seed = GetParam()});
  }

  void merge(Store& store, const Key& key, std::string operand) {
    const auto txn = store.write(alice_, std::span(&bob_, 1)).value();
    txn->merge(key, std::move(operand));
    ASSERT_TRUE(txn->commit());
  }

  const Shard alice_ = user_shard(kApp, "alice");
  const Shard bob_ = user_shard(kApp, "bob");
};

INSTANTIATE_TEST_SUITE_P(Seeds, AdverseMergesTest, ::testing::Range<std::uint64_t>(1, 6));

TEST_P(AdverseMergesTest, EveryMergeArrivesInTheEnd) {
  const auto store = open(test_merge_rules());
  for (int i = 100; i < 200; ++i) {
    merge(*store, view_key(bob_, "max"), std::to_string(i));
    merge(*store, view_key(bob_, std::to_string(i)), "1");
  }
  store->flush_merges();
  EXPECT_EQ(get(*store, view_key(bob_, "max")), "199");
  for (int i = 100; i < 200; ++i)
    EXPECT_EQ(get(*store, view_key(bob_, std::to_string(i))), "1");
}

TEST_P(AdverseMergesTest, MergesAreLateRepeatedAndReordered) {
  const auto store = open({{kViews.prefix, &append_operand}});
  const auto key = view_key(bob_, "x");
  std::string sent;
  bool was_late = false;
  for (char c = 'a'; c <= 'z'; ++c) {
    merge(*store, key, std::string(1, c));
    sent += c;
    was_late = was_late || get(*store, key).value_or("").find(c) == std::string::npos;
  }
  store->flush_merges();
  auto arrived = get(*store, key).value_or("");
  EXPECT_TRUE(was_late);
  EXPECT_GT(arrived.size(), sent.size());
  EXPECT_FALSE(std::ranges::is_sorted(arrived));
  std::ranges::sort(arrived);
  arrived.erase(std::ranges::unique(arrived).begin(), arrived.end());
  EXPECT_EQ(arrived, sent);
}

TEST_P(AdverseMergesTest, TheHomeShardIsNeverBehind) {
  const auto store = open(test_merge_rules());
  for (int i = 100; i < 200; ++i) {
    const auto text = std::to_string(i);
    const auto txn = store->write(alice_, std::span(&bob_, 1)).value();
    txn->merge(view_key(bob_, "x"), text);
    txn->merge(view_key(alice_, "x"), text);
    txn->put(view_key(alice_, "y"), text);
    ASSERT_TRUE(txn->commit());
  }
  EXPECT_EQ(get(*store, view_key(alice_, "x")), "199");
  EXPECT_EQ(get(*store, view_key(alice_, "y")), "199");
}

TEST_P(AdverseMergesTest, AMergeMayArriveAfterALaterPut) {
  const auto store = open({{kViews.prefix, &append_operand}});
  bool arrived_after_put = false;
  for (int i = 0; i < 20; ++i) {
    const auto key = view_key(bob_, std::to_string(i));
    merge(*store, key, "m");
    put(*store, key, "p");
    store->flush_merges();
    arrived_after_put = arrived_after_put || get(*store, key).value_or("").starts_with("pm");
  }
  EXPECT_TRUE(arrived_after_put);
}

TEST_P(AdverseMergesTest, AnUncommittedMergeNeverArrives) {
  const auto store = open(test_merge_rules());
  {
    const auto txn = store->write(alice_, std::span(&bob_, 1)).value();
    txn->merge(view_key(bob_, "x"), "1");
  }
  store->flush_merges();
  EXPECT_EQ(get(*store, view_key(bob_, "x")), std::nullopt);
}

TEST_P(AdverseMergesTest, AFailedCommitHoldsNothingBack) {
  Failpoints failpoints;
  const auto store = MemoryStore::create({.merge_rules = test_merge_rules(),
                                          .failpoints = &failpoints,
                                          .adverse_merges_seed = GetParam()});
  failpoints.arm("store.commit", 1);
  {
    const auto txn = store->write(alice_, std::span(&bob_, 1)).value();
    txn->put(view_key(alice_, "x"), "1");
    txn->merge(view_key(bob_, "x"), "1");
    EXPECT_FALSE(txn->commit());
  }
  store->flush_merges();
  EXPECT_EQ(get(*store, view_key(bob_, "x")), std::nullopt);
}

}  // namespace
}  // namespace confab
