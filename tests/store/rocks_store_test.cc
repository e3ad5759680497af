// What only the store on disk has: reopening, formats, locks, the disk reserve.
#include "store/rocks_store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "base/value_codec.h"
#include "store/rocks_reader.h"
#include "store/typed.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

using ::testing::HasSubstr;

class RocksStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open() {
    auto opened = open_rocks_store(test_rocks_options(path_));
    EXPECT_TRUE(opened) << opened.error().detail;
    return *std::move(opened);
  }

  std::string refusal() {
    const auto opened = open_rocks_store(test_rocks_options(path_));
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().detail;
  }

  /// Writes behind the store's back.
  void put_raw(const std::string& key, const std::string& value) { put_raw({{key, value}}); }
  void put_raw(const std::map<std::string, std::string>& entries) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, path_, &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
    for (const auto& [key, value] : entries)
      ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), key, value).ok());
  }

  testing::TemporaryDirectory directory_;
  std::string path_ = (directory_.path() / "db").string();
  const Shard alice_ = user_shard(kApp, "alice");
  const Key key_ = view_key(alice_, "x");
  const std::string format_key_{"\0format", 7};
};

TEST_F(RocksStoreTest, KeepsEverythingOverARestart) {
  {
    const auto store = open();
    ASSERT_TRUE(durable(*store, put(*store, key_, "1")).get());
  }
  const auto store = open();
  EXPECT_EQ(get(*store, key_), "1");
  const auto txn = store->read();
  ASSERT_TRUE(txn->get(key_));
  EXPECT_TRUE(is_ready(durable(*store, txn->ticket_so_far())));
}

TEST_F(RocksStoreTest, ACleanEndKeepsEvenWhatNobodyWaitedFor) {
  {
    const auto store = open();
    put(*store, key_, "1");
  }
  EXPECT_EQ(get(*open(), key_), "1");
}

TEST_F(RocksStoreTest, CreatesDirectoriesOnTheWay) {
  path_ = (directory_.path() / "a/b/c").string();
  put(*open(), key_, "1");
  EXPECT_EQ(get(*open(), key_), "1");
}

TEST_F(RocksStoreTest, ADirectoryThatCannotBeMadeIsNamed) {
  path_ = (directory_.path() / "file/db").string();
  std::ofstream((directory_.path() / "file").string()) << "in the way";
  EXPECT_THAT(refusal(),
              HasSubstr("cannot create data directory " + (directory_.path() / "file").string()));
}

TEST_F(RocksStoreTest, AHeldDirectoryIsRefused) {
  const auto store = open();
  EXPECT_THAT(refusal(), HasSubstr(path_ + " is in use by another process"));
}

TEST_F(RocksStoreTest, AnotherFormatIsRefusedWithBothNumbers) {
  open();
  put_raw(format_key_, "3");
  EXPECT_THAT(refusal(), ::testing::AllOf(HasSubstr(path_ + " is in format 3"),
                                          HasSubstr("newer than format 2 of this program")));
  put_raw(format_key_, "0");
  EXPECT_THAT(refusal(), ::testing::AllOf(HasSubstr(path_ + " is in format 0"),
                                          HasSubstr("older than format 2 of this program")));
}

// As format 1 had them, the oldest first.
constexpr Keyspace<MessageRest, MessageRecord> kOldMessages{'m', ShardKind::kTimeline, "", "", ""};
constexpr Keyspace<GroupMessageRest, GroupMessageRecord> kOldGroupMessages{'M',
                                                                           ShardKind::kTimeline, "",
                                                                           "", ""};

TEST_F(RocksStoreTest, MessagesOfFormat1AreTurnedRoundAndKept) {
  const auto timeline = timeline_shard(kApp, "c of two");
  const auto group = timeline_shard(kApp, "g of many");
  open();
  constexpr std::uint32_t kMany = 2500;  // more than are moved at once
  std::map<std::string, std::string> old;
  for (std::uint32_t i = 0; i < kMany; ++i)
    old[kOldMessages.key(timeline, {i, 7, 8, 1}).bytes] =
        encode_value(MessageRecord{.position = i});
  old[kOldGroupMessages.key(group, {1, 5}).bytes] =
      encode_value(GroupMessageRecord{.sender = "ann"});
  put_raw(old);
  // Where a conversion had come to when it was cut off.
  put_raw({{kMessages.key(timeline, {9999, 7, 8, 0}).bytes,
            encode_value(MessageRecord{.position = 9999})},
           {format_key_, "1"}});

  const auto store = open();
  std::vector<std::uint32_t> times;
  const auto txn = store->read();
  ASSERT_TRUE(scan(*txn, kMessages, timeline, {}, {}, Direction::kBackward,
                   [&](const MessageRest& rest, const MessageRecord& message) {
                     EXPECT_EQ(rest.time, message.position);
                     times.push_back(rest.time);
                     return true;
                   }));
  EXPECT_EQ(times.size(), kMany + 1);
  EXPECT_EQ(times.front(), 9999U);
  EXPECT_TRUE(std::ranges::is_sorted(times, std::greater{}));
  const auto message = get(*txn, kGroupMessages, group, {1, 5});
  ASSERT_TRUE(message && *message);
  EXPECT_EQ((*message)->sender, "ann");
}

TEST_F(RocksStoreTest, AConvertedStoreHoldsNothingOfTheOldFormat) {
  open();
  put_raw({{kOldMessages.key(timeline_shard(kApp, "t"), {1, 2, 3, 0}).bytes,
            encode_value(MessageRecord{.position = 1})},
           {format_key_, "1"}});
  open();
  const auto reader = open_rocks_reader(path_);
  ASSERT_TRUE(reader) << "format 1 is for serve alone to convert";
  std::size_t found = 0;
  for (const std::string prefix : {"m", "d"}) {
    ASSERT_TRUE((*reader)->scan(prefix, [&](auto key, auto) {
      EXPECT_TRUE(key.starts_with('d'));
      ++found;
      return true;
    }));
  }
  EXPECT_EQ(found, 1U);
}

TEST_F(RocksStoreTest, AKeyThatNoReleaseWroteStopsTheConversion) {
  open();
  put_raw({{"mess", "x"}, {format_key_, "1"}});
  EXPECT_THAT(refusal(), HasSubstr("a key of a message that cannot be read"));
}

TEST_F(RocksStoreTest, AReaderLeavesFormat1AsItIs) {
  open();
  put_raw(format_key_, "1");
  const auto reader = open_rocks_reader(path_);
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().detail, HasSubstr("confab serve converts it"));
}

TEST_F(RocksStoreTest, AnUnreadableFormatIsRefused) {
  open();
  for (const std::string bad : {"", "x", "1x", "-1"}) {
    put_raw(format_key_, bad);
    EXPECT_THAT(refusal(), HasSubstr("has an unreadable format number"));
  }
}

TEST_F(RocksStoreTest, ForeignContentIsRefused) {
  put_raw("key", "value");
  EXPECT_THAT(refusal(), HasSubstr(path_ + " holds a RocksDB that is not ours"));
}

TEST_F(RocksStoreTest, ACreationThatDidNotFinishIsFinished) {
  {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, path_, &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
  }
  put(*open(), key_, "1");
  EXPECT_EQ(get(*open(), key_), "1");
}

TEST_F(RocksStoreTest, ADamagedStoreIsRefused) {
  put(*open(), key_, "1");
  std::ofstream(path_ + "/CURRENT") << "MANIFEST-999999\n";
  EXPECT_THAT(refusal(), HasSubstr(path_ + " cannot be opened: "));
}

TEST_F(RocksStoreTest, WritesPauseWhileTheDiskReserveIsReached) {
  std::atomic<std::uint64_t> free = 100;
  auto options = test_rocks_options(path_);
  options.disk_reserve_bytes = 1000;
  options.free_bytes = [&] {
    return free.load();
  };
  const auto store = open_rocks_store(std::move(options)).value();
  const auto refused = store->write(alice_, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::kInternal, "disk reserve reached: 100 bytes free, 1000 reserved"}));
  EXPECT_EQ(get(*store, key_), std::nullopt);  // reads go on
  free = 1000;
  while (!store->write(alice_, {}))
    std::this_thread::yield();
  EXPECT_TRUE(durable(*store, put(*store, key_, "1")).get());
}

TEST_F(RocksStoreTest, ASnapshotIsUntouchedByWhatFollows) {
  const auto store = open();
  put(*store, key_, "old");
  const auto txn = store->read();
  std::thread([&] { put(*store, key_, "new"); }).join();
  EXPECT_EQ(txn->get(key_).value(), "old");
  const auto start = kViews.shard_prefix(alice_);
  ASSERT_TRUE(txn->scan({&alice_, start, after_prefix(start)}, Direction::kForward,
                        [](std::string_view, std::string_view value) {
                          EXPECT_EQ(value, "old");
                          return true;
                        }));
  // The newer write need not be waited for, but what was seen must be.
  EXPECT_TRUE(durable(*store, txn->ticket_so_far()).get());
}

}  // namespace
}  // namespace confab
