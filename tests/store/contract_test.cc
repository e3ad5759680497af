// What every engine keeps: entries, ranges, shards, transactions, merges.
#include <array>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/typed.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

using ::testing::ElementsAre;

class StoreContract : public ::testing::TestWithParam<EngineKind> {
 protected:
  Store& store() { return harness_.store(); }

  StoreHarness harness_{GetParam()};
  const Shard alice_ = user_shard(kApp, "alice");
  const Shard timeline_ = timeline_shard(kApp, "alice:bob");
};

INSTANTIATE_TEST_SUITE_P(Engines,
                         StoreContract,
                         ::testing::Values(EngineKind::kMemory, EngineKind::kRocks),
                         [](const auto& kind) { return engine_name(kind.param); });

/// A record or rest with `seed` in every field, so that greater seeds order later.
template <typename T>
T filled(std::uint8_t seed) {
  T record;
  const auto fill = [&](auto& field) {
    if constexpr (std::is_same_v<std::decay_t<decltype(field)>, std::string>) {
      field = std::string("\0\xff", 2) + static_cast<char>(seed);
    } else if constexpr (std::is_same_v<std::decay_t<decltype(field)>,
                                        std::vector<std::uint32_t>>) {
      field = {seed, 0xffffffff};
    } else if constexpr (std::is_same_v<std::decay_t<decltype(field)>, std::vector<std::string>>) {
      field = {std::string(1, static_cast<char>(seed)), "", std::string("\0\xff", 2)};
    } else {
      field = seed;
    }
  };
  std::apply([&](auto&... field) { (fill(field), ...); }, T::fields(record));
  return record;
}

template <typename Visit>
void for_each_keyspace(Visit visit) {
  std::apply([&](const auto&... keyspace) { (visit(keyspace), ...); }, kKeyspaces);
}

/// A record of each keyspace is put, found and erased.
template <typename K>
void expect_kept(Store& store, const K& keyspace) {
  const Shard shard{keyspace.kind, kApp, "owner"};
  const auto rest = filled<typename K::Rest>(7);
  const auto value = filled<typename K::Value>(9);
  {
    const auto txn = store.write(shard, {}).value();
    EXPECT_EQ(get(*txn, keyspace, shard, rest).value(), std::nullopt);
    put(*txn, keyspace, shard, rest, value);
    EXPECT_TRUE(txn->commit());
  }
  EXPECT_EQ(get(*store.read(), keyspace, shard, rest).value(), value);
  {
    const auto txn = store.write(shard, {}).value();
    erase(*txn, keyspace, shard, rest);
    EXPECT_TRUE(txn->commit());
  }
  EXPECT_EQ(get(*store.read(), keyspace, shard, rest).value(), std::nullopt);
}

TEST_P(StoreContract, EveryKeyspaceKeepsItsRecords) {
  for_each_keyspace([&](const auto& keyspace) {
    SCOPED_TRACE(keyspace.name);
    expect_kept(store(), keyspace);
  });
}

/// Records of seeds 1 to 5, put out of order.
template <typename K>
void put_five(Store& store, const K& keyspace, const Shard& shard) {
  const auto txn = store.write(shard, {}).value();
  for (const auto seed : std::to_array<std::uint8_t>({4, 2, 5, 1, 3})) {
    put(*txn, keyspace, shard, filled<typename K::Rest>(seed), filled<typename K::Value>(seed));
  }
  EXPECT_TRUE(txn->commit());
}

/// The seeds of the records in [first, last), in the order of the scan; 0: no bound.
template <typename K>
std::vector<int> scan_seeds(Store& store,
                            const K& keyspace,
                            const Shard& shard,
                            std::uint8_t first,
                            std::uint8_t last,
                            Direction direction) {
  const auto bound = [](std::uint8_t seed) {
    return seed == 0 ? std::nullopt : std::optional(filled<typename K::Rest>(seed));
  };
  std::vector<int> seeds;
  const auto seed_of = [](const typename K::Rest& rest, const typename K::Value& value) {
    for (std::uint8_t seed = 1; seed <= 5; ++seed) {
      if (rest == filled<typename K::Rest>(seed) && value == filled<typename K::Value>(seed))
        return int{seed};
    }
    return -1;
  };
  const auto outcome = scan(*store.read(), keyspace, shard, bound(first), bound(last), direction,
                            [&](const auto& rest, const auto& value) {
                              seeds.push_back(seed_of(rest, value));
                              return true;
                            });
  EXPECT_TRUE(outcome);
  return seeds;
}

struct ScanCase {
  std::uint8_t first;
  std::uint8_t last;
  Direction direction;
  std::vector<int> seeds;
};

TEST_P(StoreContract, EveryKeyspaceIsScannedInOrderOfItsRests) {
  const ScanCase cases[] = {
      {0, 0, Direction::kForward, {1, 2, 3, 4, 5}},
      {2, 4, Direction::kForward, {2, 3}},
      {0, 0, Direction::kBackward, {5, 4, 3, 2, 1}},
      {2, 4, Direction::kBackward, {3, 2}},
      {0, 2, Direction::kBackward, {1}},
      {5, 0, Direction::kBackward, {5}},
  };
  for_each_keyspace([&]<typename K>(const K& keyspace) {
    if constexpr (!std::is_same_v<typename K::Rest, NoRest>) {
      SCOPED_TRACE(keyspace.name);
      const Shard shard{keyspace.kind, kApp, "owner"};
      put_five(store(), keyspace, shard);
      for (const auto& [first, last, direction, seeds] : cases)
        EXPECT_EQ(scan_seeds(store(), keyspace, shard, first, last, direction), seeds);
    }
  });
}

TEST_P(StoreContract, AScanEndsWhereItsVisitorSays) {
  for (std::uint32_t time = 1; time <= 5; ++time)
    put(store(), message_key(timeline_, time), "m");
  const auto start = kMessages.shard_prefix(timeline_);
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    std::vector<std::string> seen;
    ASSERT_TRUE(store().read()->scan({&timeline_, start, after_prefix(start)}, direction,
                                     [&](std::string_view key, std::string_view) {
                                       seen.emplace_back(key);
                                       return seen.size() < 2;
                                     }));
    const std::uint32_t first = direction == Direction::kForward ? 5 : 1;  // the newest first
    const std::uint32_t second = direction == Direction::kForward ? 4 : 2;
    EXPECT_THAT(seen, ElementsAre(message_key(timeline_, first).bytes,
                                  message_key(timeline_, second).bytes));
  }
}

TEST_P(StoreContract, AnEmptyOrInvertedRangeHoldsNothing) {
  put(store(), message_key(timeline_, 1), "m");
  const auto one = message_key(timeline_, 1).bytes;
  const auto two = message_key(timeline_, 2).bytes;
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    EXPECT_THAT(scan_keys(*store().read(), {&timeline_, one, one}, direction), ElementsAre());
    EXPECT_THAT(scan_keys(*store().read(), {&timeline_, one, two}, direction), ElementsAre());
  }
}

TEST_P(StoreContract, ShardsAndAppsAreIsolatedWhateverTheirNames) {
  using std::string_literals::operator""s;
  std::vector<Shard> shards;
  for (const auto& owner : {""s, "a"s, "ab"s, "a\0"s, "a\0b"s, "a\x01"s, "a\xff"s, "a\xff\xff"s,
                            "\0"s, "\xff"s, "\0\x01"s, "b"s}) {
    for (const std::uint32_t app : {1U, 2U, 256U, 0xffffffffU})
      shards.push_back(timeline_shard(AppId{app}, owner));
  }
  for (std::uint32_t i = 0; i < shards.size(); ++i) {
    put(store(), message_key(shards[i], i), "low");
    put(store(), message_key(shards[i], 0xffffffff), "high");
  }
  for (std::uint32_t i = 0; i < shards.size(); ++i) {
    const auto start = kMessages.shard_prefix(shards[i]);
    const KeyRange whole{&shards[i], start, after_prefix(start)};
    const auto low = message_key(shards[i], i).bytes;
    const auto high = message_key(shards[i], 0xffffffff).bytes;
    EXPECT_THAT(scan_keys(*store().read(), whole, Direction::kForward), ElementsAre(high, low));
    EXPECT_THAT(scan_keys(*store().read(), whole, Direction::kBackward), ElementsAre(low, high));
  }
}

TEST_P(StoreContract, AScanOverAllShardsSeesOneWholeKeyspace) {
  const auto bob = user_shard(AppId{2}, "bob");
  put(store(), view_key(alice_, "x"), encode_value(ViewRecord{.refreshed = 1}));
  put(store(), view_key(bob, "y"), encode_value(ViewRecord{.refreshed = 2}));
  put(store(), kAccounts.key(alice_, {}), encode_value(AccountRecord{}));
  put(store(), message_key(timeline_, 1), encode_value(MessageRecord{}));
  std::vector<Shard> seen;
  ASSERT_TRUE(scan_all_shards(*store().read(), kViews, "",
                              [&](std::string_view, const Shard& shard, const ViewRest&,
                                  const ViewRecord&) {
                                seen.push_back(shard);
                                return true;
                              }));
  EXPECT_THAT(seen, ElementsAre(bob, alice_));
}

TEST_P(StoreContract, GetManyAnswersInTheOrderAsked) {
  put(store(), view_key(alice_, "a"), "1");
  put(store(), view_key(alice_, "b"), "");
  const Key keys[] = {view_key(alice_, "b"), view_key(alice_, "none"), view_key(alice_, "a")};
  EXPECT_THAT(store().read()->get_many(keys).value(),
              ElementsAre(std::optional<std::string>(""), std::nullopt,
                          std::optional<std::string>("1")));
  EXPECT_TRUE(store().read()->get_many({}).value().empty());
}

TEST_P(StoreContract, KeepsTenMegabytesInOneValue) {
  std::string value(std::size_t{10} << 20U, 'x');
  for (std::size_t i = 0; i < value.size(); i += 997)
    value[i] = static_cast<char>(i);
  put(store(), message_key(timeline_, 1), value);
  EXPECT_TRUE(get(store(), message_key(timeline_, 1)) == value);
}

TEST_P(StoreContract, LaterWritesOfATransactionReplaceItsEarlierOnes) {
  {
    const auto txn = store().write(alice_, {}).value();
    txn->put(view_key(alice_, "erased"), "1");
    txn->erase(view_key(alice_, "erased"));
    txn->put(view_key(alice_, "put"), "2");
    txn->erase(view_key(alice_, "put"));
    txn->put(view_key(alice_, "put"), "3");
    ASSERT_TRUE(txn->commit());
  }
  EXPECT_EQ(get(store(), view_key(alice_, "erased")), std::nullopt);
  EXPECT_EQ(get(store(), view_key(alice_, "put")), "3");
}

TEST_P(StoreContract, WithoutACommitNothingChanges) {
  const auto bob = user_shard(kApp, "bob");
  put(store(), view_key(alice_, "kept"), "old");
  {
    const auto txn = store().write(alice_, std::span(&bob, 1)).value();
    txn->put(view_key(alice_, "new"), "1");
    txn->put(view_key(alice_, "kept"), "changed");
    txn->merge(view_key(bob, "m"), "1");
  }
  EXPECT_EQ(get(store(), view_key(alice_, "new")), std::nullopt);
  EXPECT_EQ(get(store(), view_key(alice_, "kept")), "old");
  EXPECT_EQ(get(store(), view_key(bob, "m")), std::nullopt);
  // Nor are the shards still locked.
  put(store(), view_key(bob, "m"), "2");
}

TEST_P(StoreContract, AWriteTransactionReadsTheNewestStateOfAnyShard) {
  const auto bob = user_shard(kApp, "bob");
  put(store(), view_key(bob, "x"), "1");
  const auto txn = store().write(alice_, {}).value();
  EXPECT_EQ(txn->get(view_key(bob, "x")).value(), "1");
  std::thread([&] { put(store(), view_key(bob, "x"), "2"); }).join();
  EXPECT_EQ(txn->get(view_key(bob, "x")).value(), "2");
}

TEST_P(StoreContract, MergesFoldOntoWhatTheyFind) {
  const Shard bob = user_shard(kApp, "bob");
  put(store(), view_key(bob, "present"), "5");
  {
    const auto txn = store().write(alice_, std::span(&bob, 1)).value();
    txn->merge(view_key(bob, "present"), "3");
    txn->merge(view_key(bob, "absent"), "2");
    txn->merge(view_key(bob, "absent"), "4");
    txn->merge(view_key(bob, "absent"), "1");
    txn->put(view_key(alice_, "own"), "6");
    txn->merge(view_key(alice_, "own"), "7");
    txn->merge(view_key(alice_, "own"), "5");
    ASSERT_TRUE(txn->commit());
  }
  EXPECT_EQ(get(store(), view_key(bob, "present")), "5");
  EXPECT_EQ(get(store(), view_key(bob, "absent")), "4");
  EXPECT_EQ(get(store(), view_key(alice_, "own")), "7");
}

TEST_P(StoreContract, ShardsMayBeDeclaredTwice) {
  const Shard shards[] = {alice_, user_shard(kApp, "bob"), user_shard(kApp, "bob")};
  const auto txn = store().write(alice_, shards).value();
  txn->merge(view_key(alice_, "x"), "1");
  ASSERT_TRUE(txn->commit());
  EXPECT_GT(txn->ticket_so_far(), 0U);
}

}  // namespace
}  // namespace confab
