#include "store/description.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/value_codec.h"
#include "store/keyspaces.h"

namespace confab {
namespace {

using ::testing::ElementsAre;

const Shard kUser = user_shard(AppId{7}, std::string("a\0b", 3));

TEST(Description, HasEveryKeyspace) {
  ASSERT_EQ(keyspace_rows().size(), std::tuple_size_v<decltype(kKeyspaces)>);
  std::set<char> prefixes;
  for (const auto& row : keyspace_rows()) {
    EXPECT_FALSE(row.name.empty());
    EXPECT_FALSE(row.holds.empty());
    EXPECT_TRUE(prefixes.insert(row.prefix).second) << row.prefix;
  }
}

TEST(Description, NamesWhatIsInAKey) {
  const auto key = kViews.key(kUser, {.kind = 1, .id = "peer"}).bytes;
  const auto described = describe_key(key);
  ASSERT_TRUE(described);
  EXPECT_EQ(described->keyspace.name, "view");
  EXPECT_EQ(described->shard, kUser);
  EXPECT_THAT(described->rest,
              ElementsAre(NamedField{"kind", std::uint64_t{1}}, NamedField{"id", "peer"}));
  EXPECT_TRUE(key.starts_with(key_prefix(described->keyspace, kUser)));
}

TEST(Description, NamesWhatIsInAValue) {
  const auto described = describe_key(kAccounts.key(kUser, {}).bytes);
  ASSERT_TRUE(described);
  EXPECT_TRUE(described->rest.empty());
  const AccountRecord record{.nick = "n", .face_url = "f", .imported_at = 5};
  EXPECT_THAT(describe_value(described->keyspace, encode_value(record)).value(),
              ElementsAre(NamedField{"nick", "n"}, NamedField{"face_url", "f"},
                          NamedField{"imported_at", std::uint64_t{5}}));
  EXPECT_FALSE(describe_value(described->keyspace, "x"));
}

TEST(Description, IsNothingForWhatIsNoKey) {
  const auto key = kViews.key(kUser, {.kind = 1, .id = "peer"}).bytes;
  for (std::size_t size = 0; size < key.size(); ++size)
    EXPECT_FALSE(describe_key(key.substr(0, size))) << size;
  EXPECT_FALSE(describe_key(key + "x"));
  EXPECT_FALSE(describe_key("?" + key.substr(1)));
}

}  // namespace
}  // namespace confab
