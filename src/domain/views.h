// Views: one user's side of a conversation as monotone watermarks, and what follows from them.
// Everything here is a pure function of stored values and the clock.
//
//   position  1 .. cleared_upto            gone for this user
//             .. deleted_upto              voids refreshes and unread counts, history stays
//             .. read_upto                 read
//   refreshed > deleted_upto               the entry is in the list, until it expires
//   pinned_at                              the entry is in the list, whatever else
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/conversation.h"
#include "domain/limits.h"
#include "store/store.h"

namespace confab {

/// True once a message or refresh of `time` has outlived the roaming period (D9, G19).
inline bool is_expired(std::uint32_t time, Seconds now, const ChatLimits& limits) {
  return Seconds{time} + limits.roaming_period <= now;
}

/// Refreshed after the last deletion and not expired.
bool is_refreshed(const ViewRecord& view, Seconds now, const ChatLimits& limits);

/// In the conversation list.
inline bool is_listed(const ViewRecord& view, Seconds now, const ChatLimits& limits) {
  return view.pinned_at != 0 || is_refreshed(view, now, limits);
}

/// Conversation time (D5): of the newest refresh; of an entry that only its pin keeps, the later of
/// pin and refresh. REQUIRES: is_listed.
std::uint32_t conversation_time(const ViewRecord& view, Seconds now, const ChatLimits& limits);

/// Unread messages count above this position only.
Position unread_floor(const ViewRecord& view);

/// The stored view if it belongs to the account's present generation, else a fresh one.
ViewRecord present_view(const std::optional<ViewRecord>& stored, std::uint32_t generation);

/// One side of a one-to-one timeline looking at its messages. The view is raised to where the
/// side's present generation begins, so that nothing else needs to know of generations.
struct Viewer {
  Side side;
  ViewRecord view;
  HeadRecord head = {};  // the timeline's
};

/// The one rule that says which messages a side sees; every read path goes through it. A recalled
/// message is still seen, as recalled (G17).
bool is_visible(const Viewer& viewer,
                const MessageRest& key,
                const MessageRecord& message,
                Seconds now,
                const ChatLimits& limits);

/// `generation` is that of `user`'s account.
Result<Viewer> load_viewer(Txn& txn,
                           AppId app,
                           const std::string& user,
                           std::uint32_t generation,
                           const std::string& peer);

/// load_viewer for who has the view already.
Result<Viewer> viewer_with(
    Txn& txn, AppId app, const std::string& user, const std::string& peer, const ViewRecord& view);

/// Notes in the head, before a message is stored, that `side` has a new account since the last one.
void begin_generation(HeadRecord& head, Side side, std::uint32_t generation);

// ---- The merge of the view keyspace: a message refreshes an entry from another shard.

/// Puts the entry into the list or moves it up, unless `position` was deleted already (E33, D5) or
/// the account has been since.
std::string refresh_operand(Position position, std::uint32_t time, std::uint32_t generation);

/// kViews' merge rule.
std::string apply_view_merge(std::optional<std::string_view> value, std::string_view operand);

}  // namespace confab
