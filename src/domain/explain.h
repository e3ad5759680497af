// Why one user's list, unread count and history are as they are, in sentences for an operator. The
// outcomes are those of the functions that answer clients; this only says what led to them. Slower
// than these, and for looks at a single conversation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"
#include "domain/conversation.h"

namespace confab {

/// A sentence, and the numbered rule (docs/rules.md) that it follows from.
struct Reason {
  std::string_view rule;
  std::string text;

  bool operator==(const Reason&) const = default;
};

/// Something stored that outcomes are computed from.
struct Fact {
  std::string_view name;
  std::string value;
  std::string_view meaning;
  std::string_view rule;
};

struct Explanation {
  bool listed = false;  // for callers that ask for empty conversations, too (D16)
  std::vector<Reason> why_listed;
  std::uint64_t unread = 0;
  std::vector<Reason> why_unread;
  std::vector<Fact> facts;
};

/// kContactNoAccount: `user` is not imported. A conversation of which nothing is known is explained
/// as well.
Result<Explanation> explain_conversation(Context& context,
                                         const std::string& user,
                                         const Conversation& conversation);

/// A stored message and what becomes of it for one user.
struct SeenMessage {
  std::string cursor;     // `before` of the page that follows
  Position position = 0;  // of a group: MsgSeq
  Seconds time = 0;
  std::string from;
  std::string key;   // MsgKey; of a group: empty
  std::string body;  // MsgBody as JSON text
  std::string cloud_data;
  bool recalled = false;
  bool visible = false;         // by the rule that every read path goes by
  bool unread = false;          // is one of those that the unread count counts
  std::vector<Reason> reasons;  // why not visible; why read
};

struct SeenPage {
  std::vector<SeenMessage> rows;  // newest first
  bool complete = true;
};

struct SeenQuery {
  std::string user;
  Conversation conversation;
  std::string before;     // a row's cursor; empty: from the newest
  std::size_t limit = 0;  // rows, at least 1
};

/// Every message that is stored, whether the user sees it or not. kContactNoAccount: the user is
/// not imported. kInvalidField: `before` is no cursor of this conversation.
Result<SeenPage> see_history(Context& context, const SeenQuery& query);

}  // namespace confab
