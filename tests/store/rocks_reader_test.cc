#include "store/rocks_reader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "store/rocks_format.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Shard kUser = user_shard(kApp, "user");

class RocksReader : public ::testing::Test {
 protected:
  std::string path() const { return (directory_.path() / "store").string(); }

  std::unique_ptr<Store> open_store() const {
    auto store = open_rocks_store(test_rocks_options(path()));
    EXPECT_TRUE(store);
    return *std::move(store);
  }

  std::unique_ptr<StoreReader> open_reader() const {
    auto reader = open_rocks_reader(path());
    if (reader) return *std::move(reader);
    ADD_FAILURE() << reader.error().detail;
    return nullptr;
  }

  /// Every file with its content; a folder's is empty.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
      std::ifstream file(entry.path());
      all[entry.path()] =
          entry.is_directory() ? "" : std::string{std::istreambuf_iterator<char>(file), {}};
    }
    return all;
  }

 private:
  testing::TemporaryDirectory directory_;
};

std::vector<std::string> keys_from(StoreReader& reader, const std::string& prefix) {
  std::vector<std::string> keys;
  EXPECT_TRUE(reader.scan(prefix, [&](auto key, auto) {
    keys.emplace_back(key);
    return true;
  }));
  return keys;
}

TEST_F(RocksReader, SeesWhatIsDurableWhileTheStoreIsOpen) {
  const auto store = open_store();
  put(*store, view_key(kUser, "a"), "1");
  EXPECT_TRUE(durable(*store, put(*store, view_key(kUser, "b"), "2")).get());
  const auto reader = open_reader();
  EXPECT_EQ(reader->get(view_key(kUser, "a").bytes), "1");
  EXPECT_EQ(reader->get(view_key(kUser, "c").bytes), std::nullopt);
  EXPECT_THAT(keys_from(*reader, "v"),
              ElementsAre(view_key(kUser, "a").bytes, view_key(kUser, "b").bytes));
  // The store is none the worse.
  EXPECT_TRUE(durable(*store, put(*store, view_key(kUser, "c"), "3")).get());
  EXPECT_THAT(keys_from(*reader, "v"), ::testing::SizeIs(2));
  EXPECT_THAT(keys_from(*open_reader(), "v"), ::testing::SizeIs(3));
}

TEST_F(RocksReader, ChangesNoFile) {
  EXPECT_TRUE([&] {
    const auto store = open_store();
    return durable(*store, put(*store, view_key(kUser, "a"), "1")).get();
  }());
  const auto before = files();
  EXPECT_THAT(keys_from(*open_reader(), "v"), ::testing::SizeIs(1));
  EXPECT_EQ(files(), before);

  const auto store = open_store();
  EXPECT_TRUE(durable(*store, put(*store, view_key(kUser, "b"), "2")).get());
  const auto while_open = files();
  EXPECT_THAT(keys_from(*open_reader(), "v"), ::testing::SizeIs(2));
  // The store itself may still be removing an old manifest.
  EXPECT_TRUE(std::ranges::includes(while_open, files()));
}

TEST_F(RocksReader, MakesNoStore) {
  const auto missing = open_rocks_reader(path());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().detail, "there is no store in " + path());
  EXPECT_TRUE(files().empty());
}

TEST_F(RocksReader, RefusesANewerFormat) {
  open_store().reset();
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, path(), &raw).ok());
  ASSERT_TRUE(raw->Put({}, rocksdb::Slice(kFormatKey.data(), kFormatKey.size()), "99").ok());
  delete raw;
  const auto newer = open_rocks_reader(path());
  ASSERT_FALSE(newer);
  EXPECT_THAT(newer.error().detail, HasSubstr("format 99"));
}

}  // namespace
}  // namespace confab
