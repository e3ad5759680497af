// What operations on groups cost, counted in store operations.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/group_messages.h"
#include "domain/members.h"
#include "tests/domain/cost_fixture.h"

namespace confab::testing {
namespace {

class GroupCost : public CostFixture {
 protected:
  void create(const std::string& id, GroupKind kind) {
    auto context = town_.context();
    EXPECT_TRUE(
        create_group(context, "admin", {.id = id, .kind = kind, .owner = "ann", .name = id}));
  }

  /// Members with names of one length, so that keys have the same size.
  void fill(const std::string& id, std::size_t members) {
    create(id, GroupKind::kCommunity);
    auto context = town_.context();
    std::vector<ImportedMember> batch;
    for (std::size_t i = 0; i < members; ++i) {
      auto name = "m" + std::to_string(1'000'000 + i);
      town_.import(name);
      batch.push_back({.user = std::move(name)});
    }
    EXPECT_TRUE(import_members(context, id, batch));
  }

  StoreCost cost_of_send(const std::string& group, const std::string& from) {
    return cost_of([&](Context& context) {
      return send_group_message(context,
                                {.group = group, .from = from, .random = ++random_, .body = "[]"});
    });
  }

  std::uint32_t random_ = 0;
};

struct Size {
  std::string group;
  std::size_t members;
};
const Size kSmall{"@TGS#_small", 10};
const Size kLarge{"@TGS#_large", 100'000};

TEST_F(GroupCost, AMessageIsAFixedNumberOfSmallWritesWhateverTheMembers) {
  for (const auto* size : {&kSmall, &kLarge}) {
    const auto& group = size->group;
    SCOPED_TRACE(size->members);
    fill(group, size->members);
    auto cost = cost_of_send(group, "m1000003");
    EXPECT_LT(cost.bytes_written, 300U);
    cost.bytes_written = 0;
    // Writes message, repetition key, head, and the sender's own view.
    EXPECT_EQ(cost, (StoreCost{.transactions = 1, .gets = 6, .writes = 4}));
    // Dissolving it is as small, and nobody's view is touched.
    const auto end = cost_of([&](Context& context) { return dissolve_group(context, group); });
    EXPECT_EQ(end.writes, 2U);
    EXPECT_EQ(end.others_scanned, 0U);
  }
}

// E20: one small write to the owner's view.
TEST_F(GroupCost, DeletingAConversationIsOneSmallWrite) {
  fill(kSmall.group, kSmall.members);
  for (int i = 0; i < 1'000; ++i)
    cost_of_send(kSmall.group, "ann");
  for (const bool clear : {false, true}) {
    const auto cost = cost_of([&](Context& context) {
      return delete_conversation(context, "m1000003", group_conversation(kSmall.group), clear);
    });
    EXPECT_EQ(cost.writes, 1U);
    EXPECT_EQ(cost.messages_scanned + cost.others_scanned, 0U);
    EXPECT_EQ(cost.gets, 4U);  // account, view, record, head
    EXPECT_LT(cost.bytes_written, 80U);
  }
}

TEST_F(GroupCost, AListOfThreeThousandGroupsReadsTheirHeadsOnly) {
  town_.world.limits.list_cap = 0;
  for (int i = 0; i < 3'000; ++i) {
    const auto group = "g" + std::to_string(i);
    create(group, GroupKind::kPublic);
    for (int n = 0; n < 3; ++n)
      cost_of_send(group, "ann");
  }
  for (const bool wants_empty : {false, true}) {
    const auto cost = cost_of([&](Context& context) {
      return read_list(context, {.user = "ann", .wants_empty = wants_empty});
    });
    EXPECT_EQ(cost.messages_scanned, 0U);
    EXPECT_EQ(cost.others_scanned, 3'000U);  // the views
    EXPECT_EQ(cost.gets, 3'001U);            // the heads, and the account
  }
}

TEST_F(GroupCost, AMemberPageReadsNoMoreThanItsMembers) {
  fill(kSmall.group, 2'000);
  std::string after;
  for (int page = 0; page < 3; ++page) {
    const auto cost = cost_of([&](Context& context) {
      auto members = read_members(context, {.group = kSmall.group, .after = after, .limit = 100});
      after = members->next;
      return members;
    });
    EXPECT_EQ(cost.others_scanned, 101U);
    EXPECT_EQ(cost.gets, 2U + 3 * 100);  // record, head; row, mute and view of each
  }
}

}  // namespace
}  // namespace confab::testing
