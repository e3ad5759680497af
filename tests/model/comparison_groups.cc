// Groups in the comparison.
#include <algorithm>

#include "tests/model/comparison.h"

namespace confab::testing {
namespace {

constexpr std::size_t kHistoryPage = 20;
constexpr std::size_t kWhole = 1000;

}  // namespace

/// The group of the operation whole, another one by turns; everything if the operation is about
/// none.
void Comparison::compare_groups(const Operation& operation, bool settled) {
  ++steps_;
  const bool one = concerns_group(operation);
  for (std::size_t i = 0; i < kGroupIds.size(); ++i) {
    const bool turn = i == steps_ % kGroupIds.size();
    if (turn || (one && kGroupIds[i] == operation.group)) compare_group(kGroupIds[i], settled);
  }
  compare_group_ids();
  if (!settled) return;
  for (const auto& user : kUsers)
    compare_joined(user);
}

void Comparison::compare_group(const std::string& group, bool settled) {
  const auto& model = model_.groups;
  if (model.code_of(group) != 0) {
    expect("codes of " + group, rest_groups_.codes_of(group), std::vector{10010, 10010, 10010});
    return;
  }
  expect("mutes of " + group, rest_groups_.mutes(group), model.mutes(group));
  if (!model.has_members(group)) {
    expect("codes of " + group, rest_groups_.codes_of(group), std::vector{0, 10007, 10007});
    return;
  }
  const bool with_recalled = steps_ % 3 == 0;
  expect("history of " + group, rest_groups_.history(group, with_recalled, kHistoryPage),
         model.history(group, with_recalled));
  if (steps_ % 5 == 0) {
    const auto page = 1 + (steps_ % 4);
    expect(fmt::format("history of {} in pages of {}", group, page),
           rest_groups_.history(group, !with_recalled, page), model.history(group, !with_recalled));
  }
  auto actual = rest_groups_.members(group, 1 + (steps_ % 4));
  auto expected = model.members(group);
  if (!settled) {
    for (auto* const rows : {&actual, &expected}) {
      for (auto& row : *rows)
        row.read = row.last_sent = 0;
    }
  }
  expect("members of " + group, actual, expected);
}

void Comparison::compare_joined(const std::string& user) {
  if (!model_.has(user)) {
    expect("code of the groups of " + user, rest_groups_.joined_code(user), 10019);
    return;
  }
  const bool with_inactive = steps_ % 2 == 0;
  const auto page = steps_ % 7 == 0 ? 1 + (steps_ % 3) : kWhole;
  expect("groups of " + user, rest_groups_.joined(user, with_inactive, page),
         model_.groups.joined(user, with_inactive));
}

/// Oldest first; those of one second in any order.
void Comparison::compare_group_ids() {
  constexpr std::array<const char*, 4> kFilters{"", "Public", "AVChatRoom", "Private"};
  const std::string kind = kFilters.at(steps_ % kFilters.size());
  auto ids = rest_groups_.alive(kind, 1 + (steps_ % 5));
  const auto made = model_.groups.alive(kind);
  const auto age = [&](const std::string& id) {
    const auto found = made.find(id);
    return found == made.end() ? 0 : found->second;
  };
  expect("groups out of order", std::ranges::is_sorted(ids, {}, age), true);
  std::vector<std::string> expected;
  for (const auto& [id, time] : made)
    expected.push_back(id);
  std::ranges::sort(ids);
  expect("groups of the kind " + kind, ids, expected);
}

}  // namespace confab::testing
