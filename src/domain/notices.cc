#include "domain/notices.h"

#include "base/json_writer.h"
#include "domain/group_messages.h"

namespace confab {
namespace {

struct NoticeRow {
  NoticeKind kind;
  GroupCan told_if;
};
constexpr NoticeRow kNotices[] = {
    {NoticeKind::kJoined, GroupCan::kTellMembership},
    {NoticeKind::kRemoved, GroupCan::kTellMembership},
    {NoticeKind::kAdminSet, GroupCan::kTellRoles},
    {NoticeKind::kAdminCancelled, GroupCan::kTellRoles},
    {NoticeKind::kProfileChanged, GroupCan::kTellProfile},
    {NoticeKind::kMemberChanged, GroupCan::kTellRoles},
};

std::string body_of(const Notice& notice) {
  std::string body;
  JsonWriter w(body);
  w.begin_array();
  w.begin_object();
  w.member("MsgType", "TIMGroupTipElem");
  w.key("MsgContent");
  w.begin_object();
  w.member("OpType", std::to_underlying(notice.kind));
  w.member("Operator_Account", notice.caller);
  w.key("List_Account");
  w.begin_array();
  for (const auto& user : notice.users)
    w.value(user);
  w.end_array();
  w.end_object();
  w.end_object();
  w.end_array();
  return body;
}

}  // namespace

bool tells(const Group& group, NoticeKind kind) {
  const auto* const row = std::ranges::find(kNotices, kind, &NoticeRow::kind);
  const bool of_members = row->told_if == GroupCan::kTellMembership;
  return group.can(row->told_if) && (!of_members || is_active(group));
}

void append_notice(Context& context, Txn& txn, Group& group, const Notice& notice) {
  append_group_message(context, txn, group,
                       {.random = static_cast<std::uint32_t>(context.random.next()),
                        .flags = GroupMessageRecord::kTip,
                        .priority = std::to_underlying(Priority::kNormal),
                        .sender = notice.caller,
                        .body = body_of(notice)},
                       is_active(group));
}

}  // namespace confab
