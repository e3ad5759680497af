#include "domain/views.h"

#include <algorithm>

#include "base/check.h"
#include "base/value_codec.h"
#include "store/typed.h"

namespace confab {
namespace {

// First byte of an operand. On disk in engines that keep merges: never change.
constexpr char kRefresh = 'r';

GenerationStart& start_of(HeadRecord& head, Side side) {
  return side == Side::kLow ? head.low : head.high;
}

/// Where `generation` begins: a head that does not know it yet has stored nothing since.
GenerationStart begin_of(HeadRecord head, Side side, std::uint32_t generation) {
  const auto& start = start_of(head, side);
  if (start.generation >= generation) return start;
  return {generation, head.last_position, head.last_time};
}

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

ViewRecord present_view(const std::optional<ViewRecord>& stored, std::uint32_t generation) {
  if (stored && stored->generation == generation) return *stored;
  return {.generation = generation};
}

Result<Viewer> viewer_with(
    Txn& txn, AppId app, const std::string& user, const std::string& peer, const ViewRecord& view) {
  TRY(const auto head, get_or_default(txn, kHeads, c2c_timeline(app, user, peer)));
  Viewer viewer{side_of(user, peer), view, head};
  const auto begin = begin_of(head, viewer.side, view.generation);
  viewer.view.deleted_upto = std::max(view.deleted_upto, begin.position);
  if (begin.position > view.cleared_upto) {
    viewer.view.cleared_upto = begin.position;
    viewer.view.cleared_time = begin.time;
  }
  return viewer;
}

Result<Viewer> load_viewer(Txn& txn,
                           AppId app,
                           const std::string& user,
                           std::uint32_t generation,
                           const std::string& peer) {
  TRY(const auto stored, get(txn, kViews, user_shard(app, user), c2c_with(peer).view()));
  return viewer_with(txn, app, user, peer, present_view(stored, generation));
}

void begin_generation(HeadRecord& head, Side side, std::uint32_t generation) {
  start_of(head, side) = begin_of(head, side, generation);
}

std::string refresh_operand(Position position, std::uint32_t time, std::uint32_t generation) {
  std::string out(1, kRefresh);
  append_varint(out, position);
  append_varint(out, time);
  if (generation != 0) append_varint(out, generation);
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
  std::uint64_t generation = 0;
  if (!operand.empty()) CHECK(take_varint(operand, generation), "merge of a view is cut off");

  if (generation < view.generation) return encode_value(view);
  if (generation > view.generation) {
    view = {.generation = static_cast<std::uint32_t>(generation)};
  }
  if (position > view.deleted_upto) {
    const bool listed = view.refreshed > view.deleted_upto;
    const auto refresh_time = static_cast<std::uint32_t>(time);
    view.refresh_time = listed ? std::max(view.refresh_time, refresh_time) : refresh_time;
    view.refreshed = std::max(view.refreshed, position);
  }
  return encode_value(view);
}

}  // namespace confab
