// Scenarios: plain text scripts of requests and expected answers, run against a World.
//
//   # A comment. The rule that a block pins stands in one: E23.
//   post recentcontact/delete {"From_Account":"id1","Type":1,"To_Account":"id2"}
//   => OK                            success, nothing beside the envelope
//   => OK {"MsgKey":"$key"}          success with exactly these members beside the envelope
//   => SomeError {…} | => succeed    the two successes whose envelope differs (A5)
//   => 50001 part of the ErrorInfo   this code; its ErrorInfo holds the rest of the line; members
//                                    that a failure has as well follow as {"…
//   repeat N REQUEST                 N times, $i = 1 … N; each must match what follows
//   raw METHOD TARGET [BODY]         a target of its own; %SIGNED% in it stands for a good query
//
// The form of the envelope is always checked. A request that no expectation follows is an error,
// unless it is a short word with an expectation of its own. Each stands for the plain request named
// beside it (scenario_words.cc has the texts):
//   import NAME…                      multiaccount_import; all must succeed
//   send FROM TO SEQ [MEMBERS]        sendmsg with MsgRandom SEQ and MsgKey SEQ_SEQ_<now>
//   recall FROM TO KEY                admin_msgwithdraw
//   read USER PEER                    admin_set_msg_read
//   delete USER PEER CLEARRAMBLE      recentcontact/delete
//   pin USER NAME… | unpin USER NAME… recentcontact/top; #NAME is a group
//   group NAME KIND OWNER|- [MEMBER…] create_group with GroupId NAME
//   dissolve GROUP                    destroy_group
//   join GROUP NAME…                  add_group_member; all must be new
//   leave GROUP NAME…                 delete_group_member
//   say GROUP FROM RANDOM [MEMBERS]   send_group_msg
//   unsay GROUP SEQ…                  group_msg_recall; all must be there
//   gdelete USER GROUP CLEARRAMBLE    recentcontact/delete of a group
// these must succeed; and
//   list USER FLAGS [next]            get_list from the first page, or where the last answer ended
//   history USER PEER MAXCNT [next]   admin_getroammsg of all times; next as above
//   unread USER [PEER…]               get_c2c_unread_msg_num
//   talk GROUP N [SEQ|next]           group_msg_get_simple WithRecalledMsg 1, from SEQ downwards
//   gunread USER                      get_joined_group_list
// for whose answers stand, complete and exact:
//   => rows *id2@10 #g@0 id3@? [more] SessionItem: * pinned, # group, seconds after World::kStart;
//                                     CompleteFlag 1, or 0 with `more`
//   => messages 1 2~ 3 [more]         MsgList by MsgSeq, oldest first, ~ recalled; Complete as
//                                     above
//   => unread 3 | => unread id2:3 x:- the total; or by peer, - for an unknown one
//   => said 5 4~ 3! 2x [more]         RspMsgList by MsgSeq, newest first, ~ recalled, ! notice,
//                                     x expired; IsFinished 1; with `more` 0, or 2 if all are
//                                     expired
//   => gunread team:3@5 …             the user's groups in the order of joining: unread
//                                     messages, and the MsgSeq up to which all is read
//
// `$name` in a request is replaced by what an earlier answer gave. Everywhere $pad(N) stands for N
// letters, $times(N,TEXT) for TEXT N times with commas between and % counting from 1. Other lines:
//   app 99999999 | as NAME            who calls from here on
//   clock SECONDS | advance SECONDS   the clock; World::kStart is 1700000000
//   limit list_cap 3                  a ChatLimits value
//   sign NAME [KEY]           $NAME is the caller's signature of now, made with KEY if given
//   fail NAME [TIMES]         arms a failpoint; TIMES 0 disarms it
//   reclaim [N]               a sweep; with N: it must erase N messages
//   without restarts          from here on also the run with restarts makes none
// A line that ends with a backslash goes on in the next.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "tests/support/world.h"

namespace confab::testing {

/// What was answered: command ("service/command") and ErrorCode.
using AnsweredCodes = std::set<std::pair<std::string, int>>;

struct ScenarioRun {
  Engine engine = Engine::kMemory;
  bool restart_between_steps = false;
  AnsweredCodes* answered = nullptr;  // gathers, if given
};

/// Reports each failed expectation as a test failure with file and line.
void run_scenario(const std::filesystem::path& file, const ScenarioRun& run);

}  // namespace confab::testing
