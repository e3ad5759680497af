#include "domain/group_kinds.h"

namespace confab {
namespace {

struct CapRow {
  GroupKind kind;
  MemberCap cap;
};

constexpr CapRow kCaps[] = {
    {GroupKind::kPrivate, {6'000, 2'000}},       {GroupKind::kPublic, {6'000, 2'000}},
    {GroupKind::kChatRoom, {6'000, 2'000}},      {GroupKind::kAvChatRoom, {0, 0}},
    {GroupKind::kCommunity, {100'000, 100'000}},
};

constexpr std::string_view kMadeByServer = "@TGS#";
constexpr std::string_view kCommunityStart = "@TGS#_";

}  // namespace

MemberCap member_cap(GroupKind kind) {
  return std::ranges::find(kCaps, kind, &CapRow::kind)->cap;
}

bool is_group_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxGroupId &&
         std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c <= 0x7e; });
}

bool may_be_chosen(std::string_view group_id, GroupKind kind) {
  if (!is_group_id(group_id)) return false;
  if (kind == GroupKind::kCommunity) return group_id.starts_with(kCommunityStart);
  return !group_id.starts_with(kMadeByServer);
}

}  // namespace confab
