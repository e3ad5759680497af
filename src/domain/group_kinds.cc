#include "domain/group_kinds.h"

#include "base/check.h"

namespace confab {
namespace {

struct KindRow {
  GroupKind kind;
  std::string_view name;
  std::string_view newer_name;
  MemberCap cap;
};

constexpr KindRow kKinds[] = {
    {GroupKind::kPrivate, "Private", "Work", {6'000, 2'000}},
    {GroupKind::kPublic, "Public", "Public", {6'000, 2'000}},
    {GroupKind::kChatRoom, "ChatRoom", "Meeting", {6'000, 2'000}},
    {GroupKind::kAvChatRoom, "AVChatRoom", "AVChatRoom", {0, 0}},
    {GroupKind::kCommunity, "Community", "Community", {100'000, 100'000}},
};

const KindRow& row_of(GroupKind kind) {
  const auto* row = std::ranges::find(kKinds, kind, &KindRow::kind);
  CHECK(row != std::end(kKinds), "unknown kind of group");
  return *row;
}

constexpr std::size_t kMaxGroupId = 48;
constexpr std::string_view kMadeByServer = "@TGS#";
constexpr std::string_view kCommunityStart = "@TGS#_";

}  // namespace

std::string_view name_of(GroupKind kind) {
  return row_of(kind).name;
}

std::optional<GroupKind> group_kind(std::string_view name) {
  for (const auto& row : kKinds) {
    if (row.name == name || row.newer_name == name) return row.kind;
  }
  return std::nullopt;
}

MemberCap member_cap(GroupKind kind) {
  return row_of(kind).cap;
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

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kMember:
      return "Member";
    case Role::kAdmin:
      return "Admin";
    case Role::kOwner:
      return "Owner";
  }
  return "";
}

std::string_view name_of(JoinOption option) {
  switch (option) {
    case JoinOption::kNeedPermission:
      return "NeedPermission";
    case JoinOption::kFreeAccess:
      return "FreeAccess";
    case JoinOption::kDisableApply:
      return "DisableApply";
  }
  return "";
}

std::string_view name_of(ReceiveOption option) {
  switch (option) {
    case ReceiveOption::kAndNotify:
      return "AcceptAndNotify";
    case ReceiveOption::kNotNotify:
      return "AcceptNotNotify";
    case ReceiveOption::kDiscard:
      return "Discard";
  }
  return "";
}

}  // namespace confab
