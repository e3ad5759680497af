// Random operations: what they are, how they are drawn, and how they are played on the server and
// on the naive model alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/reclaim.h"
#include "tests/model/naive_chat.h"
#include "tests/model/rest_chat.h"
#include "tests/model/rest_groups.h"

namespace confab::testing {

inline const std::vector<std::string> kUsers{"ann", "bob", "an", "B b"};
inline const std::string kStranger = "stranger";  // never imported
inline const std::vector<std::string> kGroupIds{"g1", "g2", "g3",
                                                "@TGS#_c"};  // the last: Community

/// Each kind uses some of the members. Absolute times make an operation mean the same when others
/// before it are left out.
struct Operation {
  std::size_t kind = 0;  // a row of the tables in operations.cc and group_operations.cc
  SendRequest message;   // from and to are the user and the peer of other kinds, too
  Seconds time = 0;      // MsgTime, MsgReadTime or the new clock
  bool on = false;       // ClearRamble, pin, live import, adding, or a whole sweep
  std::size_t budget = 0;
  std::vector<std::string> names = {};     // recipients, peers, members, senders, or keys
  std::string group = {};                  // a conversation group or a GroupId
  std::vector<std::int64_t> numbers = {};  // MsgSeq, UnreadMsgNum, MuteTime, SendTime, JoinTime
  std::string value = {};          // of extensions or a custom mark, or a group's new name or kind
  std::vector<unsigned> set = {};  // marks
  std::vector<unsigned> clear = {};
  unsigned parts = 0;  // what to modify or mark: 1 body or standard marks, 2 the other, 3 both
};

std::string to_text(const Operation& operation);

/// True if it is about a chat group, which `group` names.
bool concerns_group(const Operation& operation);

/// True if list entries are up to date after it, also where merges come late.
bool settles(const Operation& operation);

/// Applies whatever the engine holds back.
Operation settling();

struct DrawOptions {
  bool clock_steps_back = false;
  bool few_messages = false;  // accounts, pins and notes without a message more often
  unsigned groups = 50;       // percent of the operations that are about groups
};

Operation draw_operation(std::mt19937_64& random, const NaiveChat& model, DrawOptions options);

/// What an operation works on.
struct Stage {
  World& world;
  RestChat& rest;
  RestGroups& groups;
  NaiveChat& model;
  ReclaimCursor sweep;
};

/// Error codes of an operation, and the places of what it stored: the server's and the model's.
struct Codes {
  ItemCodes actual = {};
  ItemCodes expected = {};
  std::vector<SentCode> sent = {};
  std::vector<SentCode> expected_sent = {};
};

/// Clock steps that no server could follow are left out (see clock_step in operations.cc).
Codes play(Stage& stage, const Operation& operation);

}  // namespace confab::testing
