// Group views: merges that come late, twice and in any order, and what is derived from them.
#include "domain/group_views.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace confab::testing {
namespace {

constexpr ViewOwner kFirstLife{0, 1};
constexpr ViewOwner kSecondLife{0, 2};

GroupViewRecord merged(const std::vector<std::string>& operands) {
  std::optional<std::string> value;
  for (const auto& operand : operands)
    value = apply_group_view_merge(value ? std::optional<std::string_view>(*value) : std::nullopt,
                                   operand);
  GroupViewRecord view;
  EXPECT_TRUE(!value || decode_value(*value, view));
  return view;
}

/// A user's history: joins, writes, gets a message alone, leaves, joins again, also a later life.
std::vector<std::string> a_history() {
  return {
      join_operand(
          kFirstLife,
          {.change = 1, .joined_at = 10, .visible_from = 2, .read_upto = 3, .read_ordinal = 1}),
      sent_operand(kFirstLife, 4, 2, 11),
      group_refresh_operand(kFirstLife, 5, 12),
      leave_operand(
          kFirstLife,
          {.change = 2, .visible_to = 6, .ordinal = 4, .refreshed = 6, .refresh_time = 13}),
      join_operand(
          kFirstLife,
          {.change = 5, .joined_at = 20, .visible_from = 9, .read_upto = 9, .read_ordinal = 5}),
  };
}

TEST(GroupViewMerge, OrderAndRepetitionDoNotMatter) {
  auto operands = a_history();
  const auto expected = merged(operands);
  EXPECT_EQ(expected.joined, 5U);
  EXPECT_EQ(expected.left, 2U);
  EXPECT_EQ(expected.visible_from, 9U);
  EXPECT_EQ(expected.refreshed, 6U);
  EXPECT_EQ(expected.read_upto, 9U);
  EXPECT_EQ(expected.last_sent, 11U);
  std::ranges::sort(operands);
  do {
    auto twice = operands;
    twice.insert(twice.end(), operands.begin(), operands.begin() + 2);
    ASSERT_EQ(merged(twice), expected);
  } while (std::ranges::next_permutation(operands).found);
}

TEST(GroupViewMerge, ALaterLifeVoidsTheFormerWheneverItComes) {
  auto operands = a_history();
  operands.push_back(join_operand(kSecondLife, {.change = 1, .joined_at = 30}));
  const auto expected = merged(operands);
  EXPECT_EQ(expected.serial, 2U);
  EXPECT_EQ(expected.joined, 1U);
  EXPECT_EQ(expected.left, 0U);
  EXPECT_EQ(expected.refreshed, 0U);
  std::ranges::sort(operands);
  do {
    ASSERT_EQ(merged(operands), expected);
  } while (std::ranges::next_permutation(operands).found);
}

TEST(GroupViewMerge, ADeletedAccountsViewIsVoidAndAnOlderMergeComesTooLate) {
  auto operands = a_history();
  operands.insert(operands.begin(), join_operand({1, 1}, {.change = 7, .joined_at = 40}));
  const auto view = merged(operands);
  EXPECT_EQ(view.generation, 1U);
  EXPECT_EQ(view.joined, 7U);
  EXPECT_EQ(view.last_sent, 0U);
}

TEST(GroupViewMerge, APinOutlivesTheLife) {
  GroupViewRecord view{.serial = 1, .joined = 3, .deleted_upto = 9, .pinned_at = 5};
  begin_life(view, 2);
  EXPECT_EQ(view, (GroupViewRecord{.serial = 2, .pinned_at = 5}));
  begin_life(view, 1);
  EXPECT_EQ(view.serial, 2U);
}

TEST(ReadMark, IsTheLatestOfReadingImportingAndSetting) {
  GroupViewRecord view{.joined = 1, .read_upto = 4, .read_ordinal = 3};
  GroupHeadRecord head{.last_position = 10, .ordinal = 8};
  EXPECT_EQ(read_mark(view, head).ordinal, 3U);
  head.floor_position = 7;  // an import after reading: nothing up to there is unread
  head.floor_ordinal = 5;
  EXPECT_EQ(read_mark(view, head).ordinal, 5U);
  view.unread_set_at = 7;  // set after the import, back to before it
  view.unread_set_ordinal = 1;
  view.unread_set_seq = 2;
  EXPECT_EQ(read_mark(view, head).ordinal, 1U);
  EXPECT_EQ(read_mark(view, head).seq, 2U);
  view.read_upto = 8;  // wrote since
  view.read_ordinal = 6;
  EXPECT_EQ(read_mark(view, head).ordinal, 6U);
  head.floor_position = 9;  // another import
  head.floor_ordinal = 7;
  EXPECT_EQ(read_mark(view, head).ordinal, 7U);
}

// E20, E23, E24.
TEST(DeleteUpTo, MovesEveryMarkToTheNewestMessage) {
  GroupViewRecord view{.joined = 1, .unread_set_at = 10, .unread_set_ordinal = 2, .pinned_at = 5};
  const GroupHeadRecord head{.last_position = 10,
                             .listed_position = 10,
                             .listed_time = 50,
                             .ordinal = 8};
  delete_up_to(view, head, false);
  EXPECT_EQ(read_mark(view, head).ordinal, 8U);
  EXPECT_EQ(view.pinned_at, 0U);
  EXPECT_EQ(view.cleared_upto, 0U);
  EXPECT_FALSE(is_refreshed(entry_of(view, head), 51, {}));
  delete_up_to(view, head, true);
  EXPECT_EQ(view.cleared_upto, 10U);
}

// A join that comes after the deletion must not bring its unread messages back.
TEST(DeleteUpTo, IsNotUndoneByALateJoin) {
  GroupViewRecord view{.serial = 1};
  const GroupHeadRecord head{.last_position = 10, .ordinal = 8, .changes = 1};
  delete_up_to(view, head, false);
  const auto stored = encode_value(view);
  const auto late = apply_group_view_merge(stored, join_operand(kFirstLife, {.change = 1,
                                                                             .joined_at = 10,
                                                                             .visible_from = 0,
                                                                             .read_upto = 10,
                                                                             .read_ordinal = 3,
                                                                             .sets_unread = true}));
  ASSERT_TRUE(decode_value(late, view));
  EXPECT_EQ(view.joined, 1U);
  EXPECT_EQ(read_mark(view, head).ordinal, 8U);
}

// The entry of who has left stays as it was (D28).
TEST(EntryOf, WhoHasLeftDoesNotMoveWithTheGroup) {
  GroupHeadRecord head{.last_position = 3, .listed_position = 3, .listed_time = 30};
  GroupViewRecord view{.joined = 1, .visible_from = 1};
  EXPECT_EQ(entry_of(view, head).refresh_time, 30U);
  view.left = 2;
  view.visible_to = 3;
  view.refreshed = 3;
  view.refresh_time = 30;
  head.listed_position = 4;
  head.listed_time = 40;
  EXPECT_EQ(entry_of(view, head).refresh_time, 30U);
  view.joined = 3;  // again, after message 4
  view.visible_from = 4;
  EXPECT_EQ(entry_of(view, head).refresh_time, 30U);
  head.listed_position = 5;
  head.listed_time = 50;
  EXPECT_EQ(entry_of(view, head).refresh_time, 50U);
}

class Visible : public ::testing::TestWithParam<GroupKind> {
 protected:
  bool sees(Position position, const GroupMessageRecord& message) const {
    const GroupHeadRecord head{.kind = std::to_underlying(GetParam())};
    return is_visible(view_, head, "ann", position, message, 100, {});
  }

  GroupViewRecord view_{.joined = 1, .visible_from = 5, .cleared_upto = 7};
  const GroupMessageRecord for_all_{.time = 100, .sender = "bob"};
};

// Q1: who joins a ChatRoom or Community sees what was there before.
TEST_P(Visible, BeforeJoiningByKind) {
  view_.cleared_upto = 0;
  EXPECT_EQ(sees(5, for_all_), can(GetParam(), GroupCan::kShowEarlierHistory));
  EXPECT_TRUE(sees(6, for_all_));
}

TEST_P(Visible, AboveTheClearingUntilLeaving) {
  EXPECT_FALSE(sees(7, for_all_));
  EXPECT_TRUE(sees(8, for_all_));
  view_.left = 2;
  view_.visible_to = 8;
  EXPECT_TRUE(sees(8, for_all_));
  EXPECT_FALSE(sees(9, for_all_));
}

TEST_P(Visible, OnlyToWhomItIsAddressed) {
  EXPECT_FALSE(sees(9, {.time = 100, .sender = "bob", .targets = {"cid"}}));
  EXPECT_TRUE(sees(9, {.time = 100, .sender = "bob", .targets = {"cid", "ann"}}));
  EXPECT_TRUE(sees(9, {.time = 100, .sender = "ann", .targets = {"cid"}}));
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         Visible,
                         ::testing::Values(GroupKind::kPrivate,
                                           GroupKind::kPublic,
                                           GroupKind::kChatRoom,
                                           GroupKind::kCommunity),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

}  // namespace
}  // namespace confab::testing
