#include "domain/views.h"

#include <algorithm>

#include "base/check.h"
#include "base/value_codec.h"
#include "store/typed.h"

namespace confab {
namespace {

// First byte of an operand. On disk in engines that keep merges: never change.
constexpr char kRefresh = 'r';

}  // namespace

bool is_refreshed(const ViewRecord& view, Seconds now, const ChatLimits& limits) {
  return view.refreshed > view.deleted_upto && !is_expired(view.refresh_time, now, limits);
}

std::uint32_t conversation_time(const ViewRecord& view, Seconds now, const ChatLimits& limits) {
  if (is_refreshed(view, now, limits)) return view.refresh_time;
  // Reclaim may have erased what an expired refresh left behind before the entry was pinned, so the
  // time of the pin must win over that of such a refresh.
  const bool was_refreshed = view.refreshed > view.deleted_upto;
  return was_refreshed ? std::max(view.refresh_time, view.pinned_at) : view.pinned_at;
}

Position unread_floor(const ViewRecord& view) {
  return std::max({view.read_upto, view.deleted_upto, view.cleared_upto});
}

bool is_visible(const Viewer& viewer,
                const MessageRest& key,
                const MessageRecord& message,
                Seconds now,
                const ChatLimits& limits) {
  const bool hidden = (message.flags & MessageRecord::kHiddenFromSender) != 0 &&
                      static_cast<Side>(key.sender) == viewer.side;
  return !hidden && message.position > viewer.view.cleared_upto &&
         !is_expired(key.time, now, limits);
}

Result<Viewer> load_viewer(Txn& txn, AppId app, const std::string& user, const std::string& peer) {
  const auto shard = user_shard(app, user);
  TRY(const auto view, get_or_default(txn, kViews, shard, c2c_with(peer).view()));
  return Viewer{side_of(user, peer), view};
}

std::string refresh_operand(Position position, std::uint32_t time) {
  std::string out(1, kRefresh);
  append_varint(out, position);
  append_varint(out, time);
  return out;
}

std::string apply_view_merge(std::optional<std::string_view> value, std::string_view operand) {
  ViewRecord view;
  CHECK(!value || decode_value(*value, view), "stored view cannot be decoded");
  CHECK(operand.starts_with(kRefresh), "unknown merge of a view");
  operand.remove_prefix(1);
  std::uint64_t position = 0;
  std::uint64_t time = 0;
  CHECK(take_varint(operand, position) && take_varint(operand, time), "merge of a view is cut off");

  if (position > view.deleted_upto) {
    const bool listed = view.refreshed > view.deleted_upto;
    const auto refresh_time = static_cast<std::uint32_t>(time);
    view.refresh_time = listed ? std::max(view.refresh_time, refresh_time) : refresh_time;
    view.refreshed = std::max(view.refreshed, position);
  }
  return encode_value(view);
}

}  // namespace confab
