#include "domain/group_views.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/value_codec.h"
#include "store/typed.h"

namespace confab {
namespace {

// First byte of an operand. On disk in engines that keep merges: never change.
constexpr char kJoin = 'j';
constexpr char kLeave = 'l';
constexpr char kSent = 's';
constexpr char kRefresh = 'r';

std::string operand_of(char kind,
                       const ViewOwner& owner,
                       std::initializer_list<std::uint64_t> numbers) {
  std::string out(1, kind);
  append_varint(out, owner.generation);
  append_varint(out, owner.serial);
  for (const auto number : numbers)
    append_varint(out, number);
  return out;
}

std::uint64_t take_number(std::string_view& operand) {
  std::uint64_t number = 0;
  CHECK(take_varint(operand, number), "merge of a group view is cut off");
  return number;
}

std::uint32_t take_short(std::string_view& operand) {
  return static_cast<std::uint32_t>(take_number(operand));
}

void read_up_to(GroupViewRecord& view, Position position, std::uint64_t ordinal) {
  if (position <= view.read_upto) return;
  view.read_upto = position;
  view.read_ordinal = ordinal;
}

void refresh(GroupViewRecord& view, Position position, std::uint32_t time) {
  if (position <= view.refreshed) return;
  view.refreshed = position;
  view.refresh_time = time;
}

void apply_join(GroupViewRecord& view, std::string_view in) {
  const auto change = take_number(in);
  const auto joined_at = take_short(in);
  const auto visible_from = take_number(in);
  const auto read_upto = take_number(in);
  const auto read_ordinal = take_number(in);
  const bool sets_unread = take_number(in) != 0;
  const auto read_seq = take_number(in);
  if (change > view.joined) {
    view.joined = change;
    view.joined_at = joined_at;
    view.visible_from = visible_from;
  }
  if (!sets_unread) read_up_to(view, read_upto, read_ordinal);
  // Positions do not tell what came first when nothing was said in between.
  if (change <= view.unread_changes) return;
  view.unread_changes = change;
  view.unread_set_at = sets_unread ? read_upto : 0;
  view.unread_set_ordinal = sets_unread ? read_ordinal : 0;
  view.unread_set_seq = sets_unread ? read_seq : 0;
}

void apply_leave(GroupViewRecord& view, std::string_view in) {
  const auto change = take_number(in);
  const auto visible_to = take_number(in);
  const auto ordinal = take_number(in);
  const auto refreshed = take_number(in);
  const auto refresh_time = take_short(in);
  if (change > view.left) {
    view.left = change;
    view.visible_to = visible_to;
    view.left_ordinal = ordinal;
  }
  refresh(view, refreshed, refresh_time);
}

void apply_sent(GroupViewRecord& view, std::string_view in) {
  const auto position = take_number(in);
  const auto ordinal = take_number(in);
  const auto time = take_short(in);
  read_up_to(view, position, ordinal);
  view.last_sent = std::max(view.last_sent, time);
}

void apply_refresh(GroupViewRecord& view, std::string_view in) {
  const auto position = take_number(in);
  refresh(view, position, take_short(in));
}

struct MergeRow {
  char kind;
  void (*apply)(GroupViewRecord& view, std::string_view operand);
};
constexpr std::array kMerges{MergeRow{kJoin, &apply_join}, MergeRow{kLeave, &apply_leave},
                             MergeRow{kSent, &apply_sent}, MergeRow{kRefresh, &apply_refresh}};

bool is_in(const GroupViewRecord& view) {
  return view.joined > view.left;
}

/// A kind that counts, and a user who is or was a member.
bool counts_unread(const GroupViewRecord& view, const GroupHeadRecord& head) {
  return view.joined != 0 && can(static_cast<GroupKind>(head.kind), GroupCan::kCountUnread);
}

}  // namespace

GroupViewRecord present_group_view(const std::optional<GroupViewRecord>& stored,
                                   std::uint32_t generation) {
  if (stored && stored->generation == generation) return *stored;
  return {.generation = generation};
}

void begin_life(GroupViewRecord& view, std::uint64_t serial) {
  if (serial <= view.serial) return;
  view = {.generation = view.generation, .serial = serial, .pinned_at = view.pinned_at};
}

Result<std::vector<UsersGroup>> groups_of(Txn& txn, const Shard& user, std::uint32_t generation) {
  std::vector<UsersGroup> groups;
  TRY_STATUS(scan(txn, kGroupViews, user, {}, {}, Direction::kForward,
                  [&](const GroupViewRest& rest, const GroupViewRecord& view) {
                    if (view.generation == generation) groups.push_back({rest.group, view});
                    return true;
                  }));
  return groups;
}

Result<std::vector<GroupHeadRecord>> load_heads(Txn& txn,
                                                AppId app,
                                                std::span<const UsersGroup> groups) {
  std::vector<Shard> timelines;  // outlives the keys, which refer to it
  timelines.reserve(groups.size());
  std::vector<Key> keys;
  keys.reserve(groups.size());
  for (const auto& each : groups) {
    keys.push_back(kGroupHeads.key(timelines.emplace_back(group_timeline(app, each.group)),
                                   {each.view.serial}));
  }
  return get_all(txn, kGroupHeads, keys);
}

ViewRecord entry_of(const GroupViewRecord& view, const GroupHeadRecord& head) {
  ViewRecord entry{.refreshed = view.refreshed,
                   .refresh_time = view.refresh_time,
                   .deleted_upto = view.deleted_upto,
                   .cleared_upto = view.cleared_upto,
                   .pinned_at = view.pinned_at,
                   .generation = view.generation};
  const bool head_counts =
      is_in(view) && head.listed_position > std::max(view.visible_from, view.refreshed);
  if (head_counts) {
    entry.refreshed = head.listed_position;
    entry.refresh_time = head.listed_time;
  }
  return entry;
}

ReadMark read_mark(const GroupViewRecord& view, const GroupHeadRecord& head) {
  const auto latest = std::max(view.read_upto, head.floor_position);
  if (view.unread_set_at != 0 && view.unread_set_at >= latest) {
    return {view.unread_set_ordinal, view.unread_set_seq};
  }
  if (view.read_upto >= head.floor_position) return {view.read_ordinal, view.read_upto};
  return {head.floor_ordinal, head.floor_position};
}

std::uint64_t newest_ordinal(const GroupViewRecord& view, const GroupHeadRecord& head) {
  return is_in(view) ? head.ordinal : view.left_ordinal;
}

bool is_visible(const GroupViewRecord& view,
                const GroupHeadRecord& head,
                std::string_view user,
                Position position,
                const GroupMessageRecord& message,
                Seconds now,
                const ChatLimits& limits) {
  const bool addressed = message.targets.empty() || message.sender == user ||
                         std::ranges::find(message.targets, user) != message.targets.end();
  const bool begun = position > view.visible_from ||
                     can(static_cast<GroupKind>(head.kind), GroupCan::kShowEarlierHistory);
  const bool over = !is_in(view) && position > view.visible_to;
  return addressed && begun && !over && position > view.cleared_upto &&
         is_kept(message, now, limits);
}

bool is_unread(const GroupViewRecord& view,
               const GroupHeadRecord& head,
               const GroupMessageRecord& message) {
  const bool is_counted = (message.flags & GroupMessageRecord::kCounted) != 0;
  const bool is_recalled = (message.flags & GroupMessageRecord::kRecalled) != 0;
  return counts_unread(view, head) && is_counted && !is_recalled &&
         message.ordinal > read_mark(view, head).ordinal &&
         message.ordinal <= newest_ordinal(view, head);
}

void delete_up_to(GroupViewRecord& view, const GroupHeadRecord& head, bool clear_history) {
  view.deleted_upto = head.last_position;
  if (clear_history) view.cleared_upto = head.last_position;
  view.pinned_at = 0;
  view.unread_set_at = 0;
  view.unread_set_ordinal = 0;
  view.unread_set_seq = 0;
  view.unread_changes = head.changes;
  read_up_to(view, head.last_position, head.ordinal);
}

Result<std::uint64_t> count_group_unread(Txn& txn,
                                         const Shard& timeline,
                                         const GroupViewRecord& view,
                                         const GroupHeadRecord& head) {
  if (!counts_unread(view, head)) return 0;
  const auto newest = newest_ordinal(view, head);
  const auto mark = read_mark(view, head).ordinal;
  if (mark >= newest) return 0;
  auto count = newest - mark;
  TRY_STATUS(scan(txn, kGroupRecalls, timeline, GroupRecallRest{view.serial, mark + 1},
                  GroupRecallRest{view.serial, newest + 1}, Direction::kForward,
                  [&](const GroupRecallRest&, const GroupRecallRecord&) {
                    --count;
                    return true;
                  }));
  return count;
}

Result<std::uint64_t> ordinal_before(Txn& txn,
                                     const Shard& timeline,
                                     std::uint64_t serial,
                                     const GroupHeadRecord& head,
                                     std::uint64_t unread) {
  auto mark = head.ordinal - std::min(head.ordinal, unread);
  TRY_STATUS(scan(txn, kGroupRecalls, timeline, GroupRecallRest{serial, 0},
                  GroupRecallRest{serial, head.ordinal + 1}, Direction::kBackward,
                  [&](const GroupRecallRest& rest, const GroupRecallRecord&) {
                    if (rest.ordinal <= mark || mark == 0) return false;
                    --mark;  // a recalled one does not count, so one more does
                    return true;
                  }));
  return mark;
}

std::string join_operand(const ViewOwner& owner, const JoinMerge& join) {
  return operand_of(kJoin, owner,
                    {join.change, join.joined_at, join.visible_from, join.read_upto,
                     join.read_ordinal, join.sets_unread ? 1U : 0U, join.read_seq});
}

std::string leave_operand(const ViewOwner& owner, const LeaveMerge& leave) {
  return operand_of(kLeave, owner,
                    {leave.change, leave.visible_to, leave.ordinal, leave.refreshed,
                     leave.refresh_time});
}

std::string sent_operand(const ViewOwner& owner,
                         Position position,
                         std::uint64_t ordinal,
                         std::uint32_t time) {
  return operand_of(kSent, owner, {position, ordinal, time});
}

std::string group_refresh_operand(const ViewOwner& owner, Position position, std::uint32_t time) {
  return operand_of(kRefresh, owner, {position, time});
}

std::string apply_group_view_merge(std::optional<std::string_view> value,
                                   std::string_view operand) {
  GroupViewRecord view;
  CHECK(!value || decode_value(*value, view), "stored group view cannot be decoded");
  CHECK(!operand.empty(), "empty merge of a group view");
  const auto* const row = std::ranges::find(kMerges, operand.front(), &MergeRow::kind);
  CHECK(row != kMerges.end(), "unknown merge of a group view");
  operand.remove_prefix(1);
  const auto generation = take_short(operand);
  const auto serial = take_number(operand);

  if (generation < view.generation) return encode_value(view);
  if (generation > view.generation) view = {.generation = generation};
  if (serial < view.serial) return encode_value(view);
  begin_life(view, serial);
  row->apply(view, operand);
  return encode_value(view);
}

}  // namespace confab
