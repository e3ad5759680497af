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
  const AccountRecord record{.nick = "n", .face_url = "f", .imported_at = 5, .generation = 2};
  EXPECT_THAT(describe_value(described->keyspace, encode_value(record)).value(),
              ElementsAre(NamedField{"nick", "n"}, NamedField{"face_url", "f"},
                          NamedField{"imported_at", std::uint64_t{5}},
                          NamedField{"kicked_at", std::uint64_t{0}},
                          NamedField{"generation", std::uint64_t{2}},
                          NamedField{"last_contact_group", std::uint64_t{0}}));
  EXPECT_FALSE(describe_value(described->keyspace, "x"));
}

TEST(Description, NamesEachItemOfAList) {
  const auto described = describe_key(kMarks.key(kUser, {.kind = 1, .id = "peer"}).bytes);
  ASSERT_TRUE(described);
  const MarkRecord record{.standard = 4, .groups = {7, 9}};
  EXPECT_THAT(describe_value(described->keyspace, encode_value(record)).value(),
              ElementsAre(NamedField{"standard", std::uint64_t{4}}, NamedField{"custom", ""},
                          NamedField{"groups", std::uint64_t{7}},
                          NamedField{"groups", std::uint64_t{9}},
                          NamedField{"changed_at", std::uint64_t{0}},
                          NamedField{"serial", std::uint64_t{0}},
                          NamedField{"left", std::uint64_t{0}}));
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
