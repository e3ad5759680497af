// Merge rules: whatever is stored, an operand of ours can be merged into it, twice is once, and
// what merges made of nothing does not depend on their order.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/value_codec.h"
#include "domain/group_views.h"
#include "domain/views.h"
#include "store/keyspaces.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

using Apply = std::string (*)(std::optional<std::string_view> value, std::string_view operand);
using MakeOperand = std::string (*)(Input& in);

constexpr std::size_t kMaxOperands = 6;

std::string view_operand(Input& in) {
  const auto position = in.number<Position>();
  const auto generation = in.byte() % 3U;
  // A position has one time.
  return refresh_operand(position, static_cast<std::uint32_t>(position / 2), generation);
}

/// Of one history: what happens at a change or position is a function of it, as it is of a group's
/// head.
std::string group_view_operand(Input& in) {
  const auto kind = in.byte() % 4;
  const ViewOwner owner{in.byte() % 2U, in.byte() % 3U};
  const auto at = in.number<std::uint64_t>();
  const auto ordinal = [](Position position) {
    return position / 3;
  };
  const auto time = [](Position position) {
    return static_cast<std::uint32_t>(position / 2);
  };
  if (kind == 0) {
    const auto change = at | 1U;  // joining and leaving take turns
    return join_operand(owner, {.change = change,
                                .joined_at = time(change),
                                .visible_from = change / 4,
                                .read_upto = change,
                                .read_ordinal = ordinal(change),
                                .sets_unread = change % 4 == 1,
                                .read_seq = change / 3});
  }
  if (kind == 1) {
    const auto change = at & ~std::uint64_t{1};
    return leave_operand(owner, {.change = change,
                                 .visible_to = change,
                                 .ordinal = ordinal(change),
                                 .refreshed = change / 3,
                                 .refresh_time = time(change / 3)});
  }
  if (kind == 2) return sent_operand(owner, at, ordinal(at), time(at));
  return group_refresh_operand(owner, at, time(at));
}

std::string merged(Apply apply, const std::vector<std::string>& operands) {
  std::optional<std::string> value;
  for (const auto& operand : operands)
    value = apply(value, operand);
  return value.value_or("");
}

template <typename Record>
void check_stored(Apply apply, std::string_view stored, std::string_view operand) {
  const auto once = apply(stored, operand);
  Record record;
  CHECK(decode_value(once, record), "a merge wrote what cannot be decoded");
  CHECK(apply(once, operand) == once, "a merge is not the same when it comes twice");
}

template <typename Record>
void check(Apply apply, MakeOperand make, Input in) {
  const auto stored = in.record<Record>();
  const auto operand = make(in);
  check_stored<Record>(apply, encode_value(stored), operand);

  // Bytes that decode, of an earlier release or of a later one.
  auto rest = in;
  Record decoded;
  const auto bytes = value_codec::kVersion + std::string(rest.rest());
  if (decode_value(bytes, decoded)) check_stored<Record>(apply, bytes, operand);

  std::vector<std::string> operands{operand};
  while (!in.empty() && operands.size() < kMaxOperands)
    operands.push_back(make(in));
  const auto expected = merged(apply, operands);
  CHECK(apply(expected, operands.front()) == expected, "a late repetition changes a value");
  std::ranges::reverse(operands);
  CHECK(merged(apply, operands) == expected, "merges depend on their order");
  std::ranges::sort(operands);
  CHECK(merged(apply, operands) == expected, "merges depend on their order");
}

}  // namespace

void run_input(std::string_view input) {
  check<ViewRecord>(apply_view_merge, view_operand, Input(input));
  check<GroupViewRecord>(apply_group_view_merge, group_view_operand, Input(input));
}

}  // namespace confab::fuzz
