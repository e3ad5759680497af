// The rules of groups, written down naively: every message is kept for ever, with the names of
// those who see it, whose list it refreshes and who has not read it. Every life of a GroupId is a
// group of its own. Knows no watermarks, serials, heads or views. One thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace confab::testing {

class NaiveChat;

/// The outcome of a command for several things: the code of the whole, or one for each.
struct ItemCodes {
  int code = 0;
  std::vector<int> items = {};

  bool operator==(const ItemCodes&) const = default;
};

struct NewGroupRequest {
  std::string id;
  std::string kind;
  std::string owner;  // "": none
  std::vector<std::string> members;
};

/// What is to be said in a group.
struct GroupMessageRequest {
  std::string group;
  std::string from;  // "": the calling admin, by leaving it out
  std::uint32_t random = 0;
  bool online_only = false;
  bool no_unread = false;
  bool no_last = false;
  std::string text;
  std::string cloud;
  std::vector<std::string> targets;
};

/// The place of a message as an answer names it.
struct SentCode {
  int code = 0;
  std::int64_t seq = 0;
  Seconds time = 0;

  bool operator==(const SentCode&) const = default;
};

struct GroupImportItem {
  std::string from;
  Seconds time = 0;
  std::uint32_t random = 0;
  std::string text;
};

struct MemberImportItem {
  std::string user;
  Seconds joined = 0;
  std::int64_t unread = 0;
};

/// One row of a group's history.
struct GroupRow {
  std::int64_t seq = 0;
  int place = 0;  // IsPlaceMsg
  Seconds time = 0;
  std::uint32_t random = 0;
  std::string from;
  std::string text;  // of notices not told
  std::string cloud;
  bool system = false;

  bool operator==(const GroupRow&) const = default;
};

struct MemberRow {
  std::string user;
  std::string role;
  Seconds joined = 0;
  std::int64_t read = 0;  // MsgSeq
  std::string receive;
  Seconds last_sent = 0;
  Seconds muted_until = 0;

  bool operator==(const MemberRow&) const = default;
};

struct JoinedRow {
  std::string group;
  std::string kind;
  std::string owner;
  std::int64_t next_seq = 0;
  std::int64_t members = 0;
  Seconds last_time = 0;
  bool muted = false;
  std::string role;
  Seconds joined = 0;
  std::string receive;
  std::int64_t read = 0;
  std::int64_t unread = 0;

  bool operator==(const JoinedRow&) const = default;
};

class NaiveGroups {
 public:
  /// `chat` outlives this and tells the time and who is imported.
  explicit NaiveGroups(const NaiveChat& chat) : chat_(chat) {}

  // Commands; each gives the wire's error code, 0 for success.
  int create(const NewGroupRequest& request);
  int dissolve(const std::string& group);
  ItemCodes add(const std::string& group, const std::vector<std::string>& users, bool silent);
  ItemCodes import_members(const std::string& group, const std::vector<MemberImportItem>& items);
  int remove(const std::string& group, const std::vector<std::string>& users, bool silent);
  int rename(const std::string& group, const std::string& name);
  int mute_all(const std::string& group, bool on);
  int mute(const std::string& group, const std::vector<std::string>& users, std::int64_t seconds);
  int give(const std::string& group, const std::string& owner);
  int set_role(const std::string& group, const std::string& user, bool admin);
  SentCode send(const GroupMessageRequest& request);
  /// One outcome for each; only the code if the whole failed.
  std::vector<SentCode> import_messages(const std::string& group,
                                        const std::vector<GroupImportItem>& items,
                                        bool refreshes);
  ItemCodes recall(const std::string& group, const std::vector<std::int64_t>& seqs);
  int recall_of(const std::string& group, const std::string& sender);
  int modify(const std::string& group,
             std::int64_t seq,
             const std::optional<std::string>& text,
             const std::optional<std::string>& cloud);
  int set_unread(const std::string& group, const std::string& user, std::int64_t unread);

  // What the conversation lists have of groups; the user is imported.
  void remove_entry(const std::string& user, const std::string& group, bool clear);
  void pin(const std::string& user, const std::string& group, bool on);
  bool is_pinned(const std::string& user, const std::string& group) const;
  std::size_t pinned(const std::string& user) const;
  /// Ends all that an account has; whoever gets the name next is somebody else.
  void forget(const std::string& user);

  struct Entry {
    std::string group;
    Seconds refreshed = 0;  // 0: never
    std::optional<Seconds> pinned;
    bool empty = false;  // no message that the user sees
  };
  std::vector<Entry> entries(const std::string& user) const;

  // Answers.
  /// 0 if the group is alive.
  int code_of(const std::string& group) const;
  bool has_members(const std::string& group) const;
  std::vector<GroupRow> history(const std::string& group, bool with_recalled) const;
  std::vector<MemberRow> members(const std::string& group) const;
  std::vector<std::pair<std::string, Seconds>> mutes(const std::string& group) const;
  std::vector<JoinedRow> joined(const std::string& user, bool with_inactive) const;
  /// Those that are alive, of one kind or all (""), with the time when they were made.
  std::map<std::string, Seconds> alive(const std::string& kind) const;

  /// For drawing: what there is to act on. Members and seqs of a group that is not: none.
  std::vector<std::string> member_names(const std::string& group) const;
  std::int64_t newest_seq(const std::string& group) const;
  std::string kind_of(const std::string& group) const;  // "": not alive
  Seconds created(const std::string& group) const;
  /// Of everything ever stored and of mutes.
  std::vector<Seconds> message_times() const;

 private:
  struct Kind {
    std::string_view name;
    bool stores = true;  // members and messages
    bool has_admins = true;
    bool mutes = true;
    bool counts = true;  // unread messages
    bool shows_earlier = false;
    bool waits = false;  // until somebody speaks
    bool tells_membership = true;
    bool tells_roles = true;
    bool targets = true;
    bool imports_refresh = true;
    std::string_view receive = "AcceptAndNotify";
  };
  static const Kind kKinds[];

  struct Message {
    Seconds time = 0;
    std::string from;
    std::uint32_t random = 0;
    std::string text;
    std::string cloud;
    std::vector<std::string> targets = {};
    bool notice = false;
    bool counts = false;
    bool refreshes = false;  // the lists of those who see it
    bool recalled = false;
    std::string first_text = {};  // before modification
    std::string first_cloud = {};
    std::set<std::string> seen_by = {};
    std::set<std::string> dropped_by = {};  // deleted the conversation since
    std::set<std::string> cleared_by = {};  // likewise, with ClearRamble 1
    std::set<std::string> listed_for = {};
    std::set<std::string> unread_by = {};
  };
  struct Member {
    std::string role = "Member";
    Seconds joined = 0;
    std::int64_t read = 0;
  };
  struct Life {
    std::string id;
    const Kind* kind;
    Seconds created;
    std::string owner;
    std::string name;
    bool alive = true;
    bool active = false;
    bool muted = false;
    std::map<std::string, Member> members = {};
    std::vector<Message> messages = {};  // MsgSeq is the place, from 1
    std::int64_t unstored = 0;           // messages of a kind that only counts them
    Seconds unstored_time = 0;
    std::map<std::string, Seconds> last_sent = {};
    std::map<std::string, Seconds> mutes = {};

    std::int64_t newest() const { return unstored + static_cast<std::int64_t>(messages.size()); }
    Seconds last_time() const { return messages.empty() ? unstored_time : messages.back().time; }
    bool is_member(const std::string& user) const { return members.contains(user); }
  };

  Life* find(const std::string& group);
  const Life* find(const std::string& group) const;
  /// The life that a user's entry speaks of; nullptr: none.
  const Life* entry_life(const std::string& user, const std::string& group) const;
  bool is_gone(const Message& message) const;
  std::int64_t unread(const Life& life, const std::string& user) const;
  bool may_speak(const Life& life, const std::string& user) const;
  const Message* repeated(const Life& life, const Message& message) const;

  static void read_all(Life& life, const std::string& user);
  static void set_unread_count(Life& life, const std::string& user, std::int64_t unread);
  /// Appends what is seen by all members, or by the targets and the sender.
  static Message& append(Life& life, Message message);
  void tell(Life& life);
  void tell_membership(Life& life);
  void join(Life& life, const std::string& user, const std::string& role, Seconds time);
  void leave(Life& life, const std::string& user);

  const NaiveChat& chat_;
  std::vector<Life> lives_;
  std::map<std::pair<std::string, std::string>, std::size_t> entries_;  // (user, group) to a life
  std::map<std::pair<std::string, std::string>, Seconds> pins_;         // to the time of the pin
};

}  // namespace confab::testing
