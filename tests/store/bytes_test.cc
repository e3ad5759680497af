// How much a store says that it holds, and that erased space goes back to the disk.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/random.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

constexpr std::uint32_t kEntries = 4000;
constexpr std::size_t kValueBytes = 400;

/// Values that do not compress.
void put_entries(Store& store, const Shard& timeline) {
  SeededRandom random(1);
  const auto txn = store.write(timeline, {}).value();
  for (std::uint32_t i = 0; i < kEntries; ++i)
    txn->put(message_key(timeline, i), random_hex(random, kValueBytes / 2));
  CHECK(txn->commit().has_value(), "commit");
}

void erase_entries(Store& store, const Shard& timeline, std::uint32_t count) {
  const auto txn = store.write(timeline, {}).value();
  for (std::uint32_t i = 0; i < count; ++i)
    txn->erase(message_key(timeline, i));
  CHECK(txn->commit().has_value(), "commit");
}

class Bytes : public ::testing::TestWithParam<EngineKind> {
 protected:
  StoreHarness harness_{GetParam()};
  const Shard timeline_ = timeline_shard(kApp, "t");
};

TEST_P(Bytes, LiveRisesWithPutsAndFallsWithErases) {
  const auto empty = harness_.store().bytes().live;
  put_entries(harness_.store(), timeline_);
  const auto full = harness_.store().bytes().live;
  EXPECT_GE(full, empty + kEntries * kValueBytes);
  EXPECT_LE(full, empty + kEntries * kValueBytes * 3);
  erase_entries(harness_.store(), timeline_, kEntries);
  EXPECT_LE(harness_.store().bytes().live, empty + full / 20);
}

TEST_P(Bytes, ATransactionThatDoesNotCommitChangesNone) {
  const auto before = harness_.store().bytes();
  {
    const auto txn = harness_.store().write(timeline_, {}).value();
    txn->put(message_key(timeline_, 1), std::string(kValueBytes, 'x'));
  }
  EXPECT_EQ(harness_.store().bytes(), before);
}

INSTANTIATE_TEST_SUITE_P(Engines,
                         Bytes,
                         ::testing::Values(EngineKind::kMemory, EngineKind::kRocks),
                         [](const auto& kind) { return engine_name(kind.param); });

TEST(MemoryBytes, CountsKeysAndValuesExactly) {
  StoreHarness harness(EngineKind::kMemory);
  const auto alice = user_shard(kApp, "alice");
  const auto key = view_key(alice, "x");
  put(harness.store(), key, "12345");
  EXPECT_EQ(harness.store().bytes(), (StoreBytes{.live = key.bytes.size() + 5}));
  put(harness.store(), key, "1");
  EXPECT_EQ(harness.store().bytes(), (StoreBytes{.live = key.bytes.size() + 1}));
  const auto txn = harness.store().write(alice, {}).value();
  txn->erase(key);
  txn->erase(view_key(alice, "never there"));
  ASSERT_TRUE(txn->commit());
  EXPECT_EQ(harness.store().bytes(), StoreBytes{});
}

class RocksBytes : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open() { return open_rocks_store(test_rocks_options(path_)).value(); }

  std::size_t table_files() const {
    const std::filesystem::directory_iterator files(path_);
    return static_cast<std::size_t>(std::ranges::count_if(files, [](const auto& file) {
      return file.path().extension() == ".sst";
    }));
  }

  testing::TemporaryDirectory directory_;
  std::string path_ = (directory_.path() / "db").string();
  const Shard timeline_ = timeline_shard(kApp, "t");
};

TEST_F(RocksBytes, TheErasedIsDeadOnDiskUntilItIsGivenBack) {
  put_entries(*open(), timeline_);
  const auto store = open();  // now they are in a file
  const auto filed = store->bytes();
  EXPECT_GT(filed.live, 0U);
  EXPECT_LT(filed.dead, filed.live / 10);
  erase_entries(*store, timeline_, kEntries);
  const auto erased = store->bytes();
  EXPECT_LT(erased.live, filed.live / 10);
  EXPECT_GT(erased.dead, filed.live * 8 / 10);
  ASSERT_TRUE(store->give_back_space());
  while (store->bytes().dead > filed.live / 10)
    std::this_thread::yield();
}

TEST_F(RocksBytes, TheOverwrittenIsDeadToo) {
  put_entries(*open(), timeline_);
  put_entries(*open(), timeline_);
  EXPECT_GT(open()->bytes().dead, 0U);
}

TEST_F(RocksBytes, AFewErasedEntriesAreNotWorthAFile) {
  const auto store = open();
  put_entries(*store, timeline_);
  const auto before = table_files();
  erase_entries(*store, timeline_, 1);
  ASSERT_TRUE(store->give_back_space());
  EXPECT_EQ(table_files(), before);
  EXPECT_EQ(get(*store, message_key(timeline_, 1)).has_value(), true);
}

}  // namespace
}  // namespace confab
