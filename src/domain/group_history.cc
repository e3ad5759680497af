// Messages of groups that are stored: reading, recalling, modifying.
#include <algorithm>

#include "base/json_writer.h"
#include "domain/conversation.h"
#include "domain/group_messages.h"
#include "domain/group_views.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr std::size_t kMaxPassedOver = 1'000;  // recalled messages on the way to a page
constexpr std::size_t kRecallDepth = 1'000;    // rule 99

using StoredGroupMessage = std::pair<Position, GroupMessageRecord>;

bool has(const GroupMessageRecord& message, std::uint32_t flag) {
  return (message.flags & flag) != 0;
}

/// A message that is still there for commands.
Result<std::optional<GroupMessageRecord>> find_stored(Context& context,
                                                      Txn& txn,
                                                      const Group& group,
                                                      Position seq) {
  TRY(auto message,
      get(txn, kGroupMessages, group_timeline(context.app, group.id), {group.record.serial, seq}));
  if (message && !is_kept(*message, context.now(), context.limits)) message.reset();
  return message;
}

void recall(Context& context, Txn& txn, const Group& group, StoredGroupMessage& stored) {
  auto& [position, message] = stored;
  const auto timeline = group_timeline(context.app, group.id);
  message.flags |= GroupMessageRecord::kRecalled;
  put(txn, kGroupMessages, timeline, {group.record.serial, position}, message);
  if (has(message, GroupMessageRecord::kCounted)) {
    put(txn, kGroupRecalls, timeline, {group.record.serial, message.ordinal}, {position});
  }
}

/// Builds a page from messages that come newest first; positions without one are expired.
class PageBuilder {
 public:
  PageBuilder(const GroupHistoryQuery& query, Position from) : query_(query), next_(from) {}

  bool is_full() const {
    return page_.rows.size() >= query_.limit || passed_over_ >= kMaxPassedOver;
  }

  /// Rows for the positions from the last one down to `position`, exclusive.
  void fill_down_to(Position position) {
    while (next_ > position && !is_full())
      page_.rows.push_back({next_--, std::nullopt});
  }

  void add(Position position, const GroupMessageRecord& message, bool kept) {
    fill_down_to(position);
    if (is_full()) return;
    --next_;
    if (!kept) {
      page_.rows.push_back({position, std::nullopt});
    } else if (has(message, GroupMessageRecord::kRecalled) && !query_.with_recalled) {
      ++passed_over_;
      // Who got no row would not know where to go on.
      if (passed_over_ == kMaxPassedOver && page_.rows.empty()) {
        page_.rows.push_back({position, std::nullopt});
      }
    } else {
      page_.rows.push_back({position, message});
    }
  }

  GroupHistoryPage finish() {
    fill_down_to(0);
    page_.reached_first = next_ == 0;
    return std::move(page_);
  }

 private:
  const GroupHistoryQuery& query_;
  Position next_;  // not yet looked at
  std::size_t passed_over_ = 0;
  GroupHistoryPage page_;
};

}  // namespace

Result<GroupHistoryPage> read_group_history(Context& context, const GroupHistoryQuery& query) {
  return read(context, [&](Txn& txn) -> Result<GroupHistoryPage> {
    TRY(const auto group, load_group(txn, context.app, query.group));
    const auto serial = group.record.serial;
    const auto newest = group.head.last_position;
    const auto from = std::min(query.from.value_or(newest), newest);
    PageBuilder page(query, from);
    TRY_STATUS(
        scan(txn, kGroupMessages, group_timeline(context.app, query.group),
             GroupMessageRest{serial, 1}, GroupMessageRest{serial, from + 1}, Direction::kBackward,
             [&](const GroupMessageRest& rest, const GroupMessageRecord& message) {
               page.add(rest.position, message, is_kept(message, context.now(), context.limits));
               return !page.is_full();
             }));
    return page.finish();
  });
}

Result<std::vector<ErrorCode>> recall_group_messages(Context& context,
                                                     const std::string& group_id,
                                                     std::span<const Position> seqs) {
  const auto timeline = group_timeline(context.app, group_id);
  return write(context, timeline, {}, [&](Txn& txn) -> Result<std::vector<ErrorCode>> {
    TRY(const auto group, load_group(txn, context.app, group_id));
    std::vector<ErrorCode> outcomes;
    std::vector<StoredGroupMessage> found;
    for (const auto seq : seqs) {
      TRY(auto message, find_stored(context, txn, group, seq));
      const bool repeated =
          std::ranges::find(found, seq, &StoredGroupMessage::first) != found.end();
      if (!message) {
        outcomes.push_back(ErrorCode::kRecallNoMessage);
      } else if (repeated || has(*message, GroupMessageRecord::kRecalled) ||
                 has(*message, GroupMessageRecord::kTip)) {
        outcomes.push_back(ErrorCode::kRecallRefused);
      } else {
        outcomes.push_back(ErrorCode::kOk);
        found.emplace_back(seq, *std::move(message));
      }
    }
    for (auto& each : found)
      recall(context, txn, group, each);
    return outcomes;
  });
}

Status recall_by_sender(Context& context, const std::string& group_id, const std::string& sender) {
  const auto timeline = group_timeline(context.app, group_id);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(const auto group, load_group(txn, context.app, group_id));
    const auto newest = group.head.last_position;
    const auto oldest = newest - std::min<Position>(newest, kRecallDepth);
    std::vector<StoredGroupMessage> found;
    TRY_STATUS(scan(txn, kGroupMessages, timeline,
                    GroupMessageRest{group.record.serial, oldest + 1},
                    GroupMessageRest{group.record.serial, newest + 1}, Direction::kForward,
                    [&](const GroupMessageRest& rest, const GroupMessageRecord& message) {
                      const bool stands =
                          !has(message, GroupMessageRecord::kTip | GroupMessageRecord::kRecalled) &&
                          is_kept(message, context.now(), context.limits);
                      if (message.sender == sender && stands) {
                        found.emplace_back(rest.position, message);
                      }
                      return true;
                    }));
    for (auto& each : found)
      recall(context, txn, group, each);
    return {};
  });
}

Status modify_group_message(Context& context,
                            const std::string& group_id,
                            Position seq,
                            const MessageChange& change) {
  const auto timeline = group_timeline(context.app, group_id);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(const auto group, load_group(txn, context.app, group_id));
    TRY(auto message, find_stored(context, txn, group, seq));
    if (!message || has(*message, GroupMessageRecord::kTip)) {
      return fail(ErrorCode::kNoSuchMessage, "MsgSeq " + std::to_string(seq));
    }
    if (has(*message, GroupMessageRecord::kRecalled)) {
      return fail(ErrorCode::kAlreadyRecalled, "MsgSeq " + std::to_string(seq));
    }
    if (change.body) message->body = *change.body;
    if (change.cloud_data) message->cloud_data = *change.cloud_data;
    const auto bytes = message->body.size() + message->cloud_data.size();
    if (bytes > kMaxGroupMessage) return message_too_long(bytes);
    put(txn, kGroupMessages, timeline, {group.record.serial, seq}, *message);
    return {};
  });
}

Result<Position> newest_before(Txn& txn,
                               const Shard& timeline,
                               const Group& group,
                               std::uint32_t time) {
  // Times never go back, so a binary search finds the border.
  Position older = 0;
  Position newer = group.head.last_position + 1;
  while (newer - older > 1) {
    const auto middle = older + (newer - older) / 2;
    TRY(const auto message, get(txn, kGroupMessages, timeline, {group.record.serial, middle}));
    (message && message->time >= time ? newer : older) = middle;
  }
  return older;
}

Result<bool> sees_any_group_message(Context& context,
                                    Txn& txn,
                                    const std::string& user,
                                    const std::string& group,
                                    const GroupViewRecord& view,
                                    const GroupHeadRecord& head) {
  bool found = false;
  TRY_STATUS(scan(txn, kGroupMessages, group_timeline(context.app, group),
                  GroupMessageRest{view.serial, view.cleared_upto + 1},
                  GroupMessageRest{view.serial + 1, 0}, Direction::kBackward,
                  [&](const GroupMessageRest& rest, const GroupMessageRecord& message) {
                    found = is_visible(view, head, user, rest.position, message, context.now(),
                                       context.limits);
                    return !found && is_kept(message, context.now(), context.limits);
                  }));
  return found;
}

}  // namespace confab
