// The rules of one-to-one conversations, written down naively: every message is kept for ever with
// a few flags for each user, and every answer is counted anew. Knows no watermarks, keys or shards.
// One thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "domain/limits.h"

namespace confab::testing {

/// What a caller asks to be sent.
struct SendRequest {
  std::string from;
  std::string to;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  bool online_only = false;  // MsgLifeTime 0
  bool hidden = false;       // SyncOtherMachine 2
  bool no_unread = false;
  bool no_last = false;
  std::string text;
};

/// One row of a user's history. Ordered as G6 has it; what comes after seq only makes it total.
struct HistoryRow {
  std::uint32_t time = 0;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::string from;
  std::string to;
  std::string text;
  bool recalled = false;

  auto operator<=>(const HistoryRow&) const = default;
};

/// One row of a conversation list.
struct SessionRow {
  Seconds time = 0;
  std::string peer;
  bool pinned = false;

  auto operator<=>(const SessionRow&) const = default;
};

class NaiveChat {
 public:
  NaiveChat(std::set<std::string> accounts, const ChatLimits& limits)
      : accounts_(std::move(accounts)), limits_(limits) {}

  Seconds now = 0;

  // Commands; each gives the wire's error code, 0 for success.
  int send(const SendRequest& request);
  int recall(const std::string& from,
             const std::string& to,
             std::uint32_t seq,
             std::uint32_t random,
             std::uint32_t time);
  int mark_read(const std::string& user, const std::string& peer, Seconds until);
  int remove(const std::string& user, const std::string& peer, bool clear);
  int pin(const std::string& user, const std::string& peer, bool on);

  // Answers. REQUIRES: the accounts exist.
  std::vector<HistoryRow> history(const std::string& user, const std::string& peer) const;
  std::vector<SessionRow> list(const std::string& user, bool with_empty) const;
  std::size_t unread(const std::string& user, const std::string& peer) const;
  std::size_t total_unread(const std::string& user) const;

  bool has(const std::string& account) const { return accounts_.contains(account); }

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
    bool dropped = false;  // its conversation was deleted after it was stored
    bool cleared = false;  // likewise, with ClearRamble 1
  };
  struct Message {
    SendRequest sent;
    Seconds time;
    bool recalled = false;
    std::map<std::string, Flags> flags;

    Flags of(const std::string& user) const;
    bool is_between(const std::string& a, const std::string& b) const;
    HistoryRow row() const;
  };

  bool is_expired(Seconds time) const { return time + limits_.roaming_period <= now; }
  bool sees(const std::string& user, const Message& message) const;
  bool anyone_sees(const Message& message) const;
  bool counts(const std::string& user, const Message& message) const;
  /// The newest time at which a message put the entry into `user`'s list; 0: none did.
  Seconds refresh_time(const std::string& user, const std::string& peer) const;

  std::set<std::string> accounts_;
  ChatLimits limits_;
  std::vector<Message> messages_;                                // in store order
  std::map<std::pair<std::string, std::string>, Seconds> pins_;  // (user, peer) to pin time
};

}  // namespace confab::testing
