// Conversation lists: reading, deleting, pinning.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/conversation.h"
#include "domain/views.h"

namespace confab {

/// A conversation that is in its user's list.
struct ListEntry {
  Conversation conversation;
  ViewRecord view;

  bool is_pinned() const { return view.pinned_at != 0; }
};

/// The user's list: newest first, ties in a fixed order (D6, D7), at most ChatLimits::list_cap; the
/// cap spares pinned entries (K21).
Result<std::vector<ListEntry>> listed_entries(Context& context,
                                              Txn& txn,
                                              const std::string& user,
                                              std::uint32_t generation);

/// An entry without any message that its user sees (D16). Who was refreshed since the last clearing
/// has one: the message that did it.
Result<bool> is_empty_conversation(
    Context& context, Txn& txn, const std::string& user, const ListEntry& entry, Seconds now);

/// The owner's account. kContactNoAccount: not imported (E8).
Result<AccountRecord> require_owner(Txn& txn, AppId app, const std::string& owner);

/// kContactNoAccount: a peer that is not imported and that `owner` never had a message with (E9).
/// kNoSuchContactTarget: a group that does not exist or was dissolved (F8).
Status require_target(Txn& txn,
                      AppId app,
                      const std::string& owner,
                      const Conversation& conversation);

/// Where the next page of a block starts: after the rows of this time whose rank is at most `rank`,
/// and older. {0, 0}: from the newest. Private to this server (K19).
struct ListCursor {
  std::uint32_t time = 0;
  std::uint32_t rank = 0;

  bool operator==(const ListCursor&) const = default;
};

struct ListQuery {
  std::string user;
  ListCursor ordinary;
  ListCursor pinned;
  bool knows_pinning = true;  // off: pinned entries are ordinary ones (D15)
  bool wants_empty = false;   // also entries without a visible message (D16)
  bool pages_pinned = true;   // off: every pinned entry comes on the first page (D17)
  bool wants_marks = false;   // also what the user noted about the conversations (D18)
};

struct ListRow {
  Conversation conversation;
  std::uint32_t time = 0;
  bool pinned = false;
  MarkRecord marks = {};
};

struct ListPage {
  std::vector<ListRow> rows;  // pinned block first, each newest first (K18)
  bool complete = true;
  ListCursor ordinary;  // continue here, unless complete
  ListCursor pinned;
};

/// kContactNoAccount: not imported.
Result<ListPage> read_list(Context& context, const ListQuery& query);

/// Removes the conversation from `owner`'s list, with its pin and unread count, and with
/// `clear_history` all its messages stored so far from every view of `owner`. Nobody else notices
/// (E13-E26). One small write, whatever the history and however many members a group has. Nothing
/// to remove is success (E10, E11). kContactNoAccount: the owner, or a peer that the owner never
/// had a message with, is not imported (E8, E9).
Status delete_conversation(Context& context,
                           const std::string& owner,
                           const Conversation& conversation,
                           bool clear_history);

/// Pins or unpins all of `conversations` or none. Pinning what is not in the list makes an empty
/// entry (K39); a group needs not exist. kContactNoAccount: as for deletion, pinning only.
/// kTooManyPinned: above ChatLimits::pinned_cap.
Status pin_conversations(Context& context,
                         const std::string& owner,
                         std::span<const Conversation> conversations,
                         bool pin);

}  // namespace confab
