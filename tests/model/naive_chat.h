// The rules of one-to-one conversations and lists, written down naively: every message is kept for
// ever with a few flags for each user, and every answer is counted anew. Knows no watermarks,
// generations, keys or shards. One thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "domain/limits.h"
#include "tests/model/naive_groups.h"

namespace confab::testing {

/// What a caller asks to be sent or imported.
struct SendRequest {
  std::string from;
  std::string to;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  bool online_only = false;  // MsgLifeTime 0
  bool hidden = false;       // SyncOtherMachine 2
  bool no_unread = false;
  bool no_last = false;
  bool extensible = false;  // SupportMessageExtension
  std::string text;
  std::string cloud;
};

/// Names a message as callers do.
struct MessageId {
  std::string from;
  std::string to;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint32_t time = 0;
};

/// One row of a user's history. Ordered as G6 has it; what comes after seq only makes it total.
struct HistoryRow {
  std::uint32_t time = 0;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::string from;
  std::string to;
  std::string text;
  std::string cloud;
  bool recalled = false;

  auto operator<=>(const HistoryRow&) const = default;
};

/// One row of a conversation list.
struct SessionRow {
  Seconds time = 0;
  bool group = false;
  std::string peer;  // or the group
  bool pinned = false;
  std::string notes;  // notes_text of what its user noted about it

  auto operator<=>(const SessionRow&) const = default;
};

/// A message's extensions.
struct Extensions {
  struct Pair {
    std::int64_t seq = 0;
    std::string key;
    std::string value;  // "": deleted

    auto operator<=>(const Pair&) const = default;
  };
  int code = 0;
  std::int64_t latest = 0;
  std::int64_t cleared = 0;
  std::vector<Pair> pairs = {};  // by Seq, then key

  bool operator==(const Extensions&) const = default;
};

/// What a user noted about a conversation.
struct Notes {
  std::uint64_t marks = 0;
  std::string custom;
  std::set<std::int64_t> groups = {};
  Seconds changed = 0;

  bool operator==(const Notes&) const = default;
};

/// mark_contact for a conversation. First clears, then sets.
struct MarkRequest {
  std::vector<unsigned> clear = {};
  std::vector<unsigned> set = {};
  std::optional<std::string> custom = std::nullopt;  // "": take it away
};

/// All that one user noted.
struct NoteBook {
  std::map<std::int64_t, std::string> groups;  // name by id
  std::map<std::string, Notes> contacts;       // by peer

  bool operator==(const NoteBook&) const = default;
};

/// In one line, without the time of the change.
std::string notes_text(const Notes& notes);

class NaiveChat {
 public:
  NaiveChat(const std::set<std::string>& accounts, const ChatLimits& limits)
      : accounts_(accounts), ever_(accounts), limits_(limits) {}
  NaiveChat(const NaiveChat&) = delete;
  NaiveChat& operator=(const NaiveChat&) = delete;
  NaiveChat(NaiveChat&&) = delete;
  NaiveChat& operator=(NaiveChat&&) = delete;
  ~NaiveChat() = default;

  Seconds now = 0;
  NaiveGroups groups{*this};

  // Commands; each gives the wire's error code, 0 for success.
  void import_account(const std::string& user);
  int delete_account(const std::string& user);
  int send(const SendRequest& request);
  int import_message(const SendRequest& request, Seconds time, bool live);
  ItemCodes send_to_many(SendRequest request, const std::vector<std::string>& recipients);
  int recall(const MessageId& id);
  int modify(const MessageId& id,
             const std::optional<std::string>& text,
             const std::optional<std::string>& cloud);
  int mark_read(const std::string& user, const std::string& peer, Seconds until);
  int remove(const std::string& user, const std::string& peer, bool clear);
  int pin(const std::string& user, const std::string& peer, bool on);
  /// The same of a group.
  int remove_group(const std::string& user, const std::string& group, bool clear);
  int pin_group(const std::string& user, const std::string& group, bool on);
  /// An empty value deletes.
  int set_extensions(const MessageId& id,
                     const std::vector<std::string>& keys,
                     const std::string& value);
  int clear_extensions(const MessageId& id);
  ItemCodes create_group(const std::string& user,
                         const std::string& group,
                         const std::vector<std::string>& peers);
  int rename_group(const std::string& user, const std::string& group, const std::string& name);
  ItemCodes change_group(const std::string& user,
                         const std::string& group,
                         const std::vector<std::string>& peers,
                         bool add);
  int delete_group(const std::string& user, const std::string& group);
  ItemCodes mark(const std::string& user,
                 const std::vector<std::string>& peers,
                 const MarkRequest& request);

  // Answers.
  /// Of an attempt to read a history; 0: it can be read.
  int history_code(const std::string& user, const std::string& peer) const;
  std::vector<HistoryRow> history(const std::string& user, const std::string& peer) const;
  /// Groups are in it, too.
  std::vector<SessionRow> list(const std::string& user, bool with_empty) const;
  /// Nothing for a peer who is not known.
  std::optional<std::size_t> unread(const std::string& user, const std::string& peer) const;
  std::size_t total_unread(const std::string& user) const;
  Extensions extensions(const MessageId& id) const;
  NoteBook notes(const std::string& user) const;

  bool has(const std::string& account) const { return accounts_.contains(account); }
  bool is_expired(Seconds time) const { return time + limits_.roaming_period <= now; }

  /// Every message of the two that was ever stored, seen or not.
  std::vector<HistoryRow> ever_stored(const std::string& a, const std::string& b) const;

  /// True if something expires after `from` and at or before `to`.
  bool expires_between(Seconds from, Seconds to) const;
  /// The second in which the oldest living message expires; 0: none lives.
  Seconds next_expiry() const;

 private:
  /// What one user did to one message.
  struct Flags {
    bool read = false;
    bool dropped = false;  // its conversation was deleted after it was stored, or the account
    bool cleared = false;  // likewise, with ClearRamble 1
  };
  struct Message {
    SendRequest sent;
    Seconds time;
    bool recalled = false;
    std::map<std::string, Flags> flags;
    Extensions extensions;

    Flags of(const std::string& user) const;
    bool is_between(const std::string& a, const std::string& b) const;
    HistoryRow row() const;
  };
  struct Owner {
    NoteBook book;
    std::int64_t last_group = 0;
  };

  std::size_t pinned(const std::string& user) const;
  std::vector<Seconds> expiries() const;
  bool sees(const std::string& user, const Message& message) const;
  bool anyone_sees(const Message& message) const;
  bool counts(const std::string& user, const Message& message) const;
  /// The newest time at which a message put the entry into `user`'s list; 0: none did.
  Seconds refresh_time(const std::string& user, const std::string& peer) const;
  /// Imported, or the two had a message.
  bool knows(const std::string& user, const std::string& peer) const;
  void store(const SendRequest& request, Seconds time);
  /// A message that somebody sees; nullptr: none.
  const Message* find(const MessageId& id) const;
  Message* find(const MessageId& id);
  int check_extensible(const MessageId& id) const;
  int change_notes(const std::string& user,
                   const std::string& peer,
                   const std::function<void(Notes&)>& change,
                   bool gives);

  std::set<std::string> accounts_;
  std::set<std::string> ever_;  // accounts that exist or did
  ChatLimits limits_;
  std::vector<Message> messages_;                                // in store order
  std::map<std::pair<std::string, std::string>, Seconds> pins_;  // (user, peer) to pin time
  std::map<std::string, Owner> owners_;
};

}  // namespace confab::testing
