// The pure rules of a view: its merge, and the boundaries of expiry.
#include "domain/views.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "base/value_codec.h"
#include "tests/domain/town.h"

namespace confab::testing {
namespace {

constexpr ChatLimits kLimits;
constexpr std::uint32_t kSent = 1'700'000'000;
constexpr Seconds kEnd = kSent + kLimits.roaming_period;  // the first second in which it is gone

ViewRecord decoded(const std::string& bytes) {
  ViewRecord view;
  EXPECT_TRUE(decode_value(bytes, view));
  return view;
}

ViewRecord merged(const ViewRecord& view, Position position, std::uint32_t time) {
  return decoded(apply_view_merge(encode_value(view), refresh_operand(position, time, 0)));
}

TEST(ViewMerge, PutsAnAbsentEntryIntoTheList) {
  const auto view = decoded(apply_view_merge(std::nullopt, refresh_operand(3, kSent, 0)));
  EXPECT_EQ(view, (ViewRecord{.refreshed = 3, .refresh_time = kSent}));
}

// A refresh of a deleted account's message comes late, one of the next account's comes first.
TEST(ViewMerge, KnowsGenerationsApart) {
  const ViewRecord second{.refreshed = 9, .refresh_time = kSent, .pinned_at = 5, .generation = 1};
  EXPECT_EQ(merged(second, 12, kSent + 1), second);
  const auto third = decoded(apply_view_merge(encode_value(second), refresh_operand(4, kSent, 2)));
  EXPECT_EQ(third, (ViewRecord{.refreshed = 4, .refresh_time = kSent, .generation = 2}));
}

// E40: what was stored before the deletion never brings the entry back.
TEST(ViewMerge, IgnoresWhatWasDeleted) {
  const ViewRecord deleted{.refreshed = 5, .refresh_time = kSent, .deleted_upto = 5};
  for (const Position position : {1U, 4U, 5U})
    EXPECT_EQ(merged(deleted, position, kSent + 9), deleted);
}

// E33: a new entry has the time of its message, even if the former one was newer; D5: an entry that
// is in the list never goes backwards.
TEST(ViewMerge, TimeStartsAnewAfterADeletionAndThenOnlyRises) {
  const ViewRecord deleted{.refreshed = 5, .refresh_time = kSent, .deleted_upto = 5};
  const auto anew = merged(deleted, 6, kSent - 100);
  EXPECT_EQ(anew.refresh_time, kSent - 100);
  EXPECT_EQ(merged(anew, 7, kSent - 200).refresh_time, kSent - 100);
  EXPECT_EQ(merged(anew, 8, kSent - 50).refresh_time, kSent - 50);
}

TEST(ViewMerge, LeavesMarksAndPinAlone) {
  const ViewRecord view{
      .deleted_upto = 2, .cleared_upto = 1, .cleared_time = 9, .read_upto = 4, .pinned_at = kSent};
  auto expected = view;
  expected.refreshed = 8;
  expected.refresh_time = kSent;
  EXPECT_EQ(merged(view, 8, kSent), expected);
}

struct Refresh {
  Position position;
  std::uint32_t time;
};

/// What must be left of `refreshes` after a deletion up to `deleted`.
ViewRecord view_after(const std::vector<Refresh>& refreshes, Position deleted) {
  ViewRecord view{.deleted_upto = deleted};
  for (const auto& each : refreshes) {
    if (each.position <= deleted) continue;
    view.refreshed = std::max(view.refreshed, each.position);
    view.refresh_time = std::max(view.refresh_time, each.time);
  }
  return view;
}

/// Merges in the given order, with the deletion before the refresh at `place`.
ViewRecord merged_in_order(const std::vector<Refresh>& arriving,
                           std::size_t place,
                           Position deleted) {
  ViewRecord view;
  for (std::size_t i = 0; i <= arriving.size(); ++i) {
    if (i == place) view.deleted_upto = deleted;
    if (i < arriving.size()) view = merged(view, arriving[i].position, arriving[i].time);
  }
  return view;
}

class MergeOrder : public ::testing::TestWithParam<std::uint32_t> {};

// Times wander and refreshes are repeated. The deletion comes before everything that was sent after
// it; what was sent before it may arrive on either side.
TEST_P(MergeOrder, DoesNotMatterNorDoesRepetition) {
  std::mt19937 random(GetParam());
  const Position count = 12;
  const Position deleted = random() % count;
  std::vector<Refresh> refreshes;
  for (Position position = 1; position <= count; ++position)
    refreshes.push_back({position, kSent + static_cast<std::uint32_t>(random() % 20)});
  const auto expected = view_after(refreshes, deleted);

  for (int round = 0; round < 200; ++round) {
    auto arriving = refreshes;
    for (int i = 0; i < 6; ++i)
      arriving.push_back(refreshes[random() % refreshes.size()]);
    std::ranges::shuffle(arriving, random);
    const auto later = std::ranges::find_if(arriving, [&](const Refresh& each) {
      return each.position > deleted;
    });
    const auto room = static_cast<std::size_t>(later - arriving.begin()) + 1;
    ASSERT_EQ(merged_in_order(arriving, random() % room, deleted), expected) << "round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, MergeOrder, ::testing::Range(1U, 9U));

// G19: the last second and the first one after it.
TEST(Visibility, EndsWithTheRoamingPeriod) {
  const Viewer viewer{Side::kLow, {}};
  const MessageRest key{.time = kSent};
  const MessageRecord message{.position = 1};
  EXPECT_TRUE(is_visible(viewer, key, message, kEnd - 1, kLimits));
  EXPECT_FALSE(is_visible(viewer, key, message, kEnd, kLimits));
}

TEST(Visibility, BeginsAboveTheClearedPosition) {
  const MessageRest key{.time = kSent};
  const Viewer viewer{Side::kLow, {.cleared_upto = 4, .cleared_time = kSent + 5}};
  EXPECT_FALSE(is_visible(viewer, key, {.position = 4}, kSent, kLimits));
  EXPECT_TRUE(is_visible(viewer, key, {.position = 5}, kSent, kLimits));  // E19: position decides
}

// G10, G11.
TEST(Visibility, HidesFromTheSenderAlone) {
  const MessageRecord hidden{.position = 1, .flags = MessageRecord::kHiddenFromSender};
  for (const auto sender : {Side::kLow, Side::kHigh}) {
    const MessageRest key{.time = kSent, .sender = static_cast<std::uint8_t>(sender)};
    EXPECT_FALSE(is_visible({sender, {}}, key, hidden, kSent, kLimits));
    EXPECT_TRUE(is_visible({other(sender), {}}, key, hidden, kSent, kLimits));
  }
}

// G17.
TEST(Visibility, KeepsWhatWasRecalled) {
  const MessageRecord recalled{.position = 1, .flags = MessageRecord::kRecalled};
  EXPECT_TRUE(is_visible({Side::kLow, {}}, {.time = kSent}, recalled, kSent, kLimits));
}

// D9.
TEST(Listing, EndsWithTheRoamingPeriod) {
  const ViewRecord view{.refreshed = 1, .refresh_time = kSent};
  EXPECT_TRUE(is_listed(view, kEnd - 1, kLimits));
  EXPECT_FALSE(is_listed(view, kEnd, kLimits));
}

TEST(Listing, NeedsARefreshAboveTheDeletion) {
  EXPECT_FALSE(is_listed({}, kSent, kLimits));
  const ViewRecord at{.refreshed = 3, .refresh_time = kSent, .deleted_upto = 3};
  EXPECT_FALSE(is_listed(at, kSent, kLimits));
  const ViewRecord above{.refreshed = 4, .refresh_time = kSent, .deleted_upto = 3};
  EXPECT_TRUE(is_listed(above, kSent, kLimits));
}

// K22, K39.
TEST(Listing, APinIsEnough) {
  EXPECT_TRUE(is_listed({.pinned_at = kSent}, kEnd + 1000, kLimits));
}

TEST(ConversationTime, IsThatOfTheRefreshWhileItLives) {
  const ViewRecord view{.refreshed = 1, .refresh_time = kSent, .pinned_at = kSent + 50};
  EXPECT_EQ(conversation_time(view, kEnd - 1, kLimits), kSent);
  EXPECT_EQ(conversation_time(view, kEnd, kLimits), kSent + 50);
}

TEST(ConversationTime, OfAPinnedEntryDoesNotGoBackWhenItExpires) {
  const ViewRecord view{.refreshed = 1, .refresh_time = kSent, .pinned_at = kSent - 50};
  EXPECT_EQ(conversation_time(view, kEnd, kLimits), kSent);
}

TEST(ConversationTime, IsThatOfThePinOnceDeleted) {
  const ViewRecord view{.refreshed = 1,
                        .refresh_time = kSent,
                        .deleted_upto = 1,
                        .pinned_at = kSent - 50};
  EXPECT_EQ(conversation_time(view, kSent, kLimits), kSent - 50);
}

TEST(UnreadFloor, IsTheGreatestOfItsMarks) {
  EXPECT_EQ(unread_floor({.deleted_upto = 3, .cleared_upto = 2, .read_upto = 1}), 3U);
  EXPECT_EQ(unread_floor({.deleted_upto = 1, .cleared_upto = 3, .read_upto = 2}), 3U);
  EXPECT_EQ(unread_floor({.deleted_upto = 2, .cleared_upto = 1, .read_upto = 3}), 3U);
}

}  // namespace
}  // namespace confab::testing
