// The one catalogue of error codes: enum, wire number, ErrorInfo text, source and what to do
// come from this list. Wire numbers are Tencent Cloud Chat's and are never reused or changed.
// Negative numbers never reach the wire: each family of endpoints translates them (api/families.h).
#pragma once

#include <string_view>

namespace confab {

// What callers of several commands can do.
#define CONFAB_FIX_ADMIN                                                                       \
  "Call as an admin of the app: identifier and UserSig must be those of one; confab app list " \
  "shows them."
#define CONFAB_FIX_INTERNAL \
  "Call again; if it stays, the server's log has the cause under the request id in ErrorInfo."
#define CONFAB_FIX_TIMEOUT                                                                       \
  "Look whether it took effect, or call again: the disk was too slow to tell. Look at the disk " \
  "if it stays."
#define CONFAB_FIX_IMPORT \
  "Import the account first (account_import), and compare the spelling: names are case-sensitive."
#define CONFAB_FIX_FIELD \
  "Mend the field that ErrorInfo names; it says what is allowed and what was sent."

// clang-format off
// identifier, wire, ErrorInfo text, where documented, what to do
#define CONFAB_ERROR_CODES(X)                                                                                          \
  X(kOk, 0, "", "REST API overview",                                                                                   \
    "")                                                                                                                \
  /* Ours alone; translated by family before an answer is written. */                                                  \
  X(kInternal, -1, "internal error", "translated",                                                                     \
    "")                                                                                                                \
  X(kNotDurableInTime, -2, "not durable in time, outcome unknown; retry", "translated",                                \
    "")                                                                                                                \
  X(kInvalidField, -3, "request parameter invalid", "translated",                                                      \
    "")                                                                                                                \
  /* Gateway. */                                                                                                       \
  X(kBadHttpRequest, 60002, "HTTP request cannot be understood", "error codes, public",                                \
    "Send POST /v4/<service>/<command>?… as HTTP/1.1, with contenttype=json.")                                         \
  X(kBadJson, 60003, "request body is not a JSON object", "error codes, public",                                       \
    "Send one JSON object in UTF-8 as the body, and nothing after it.")                                                \
  X(kBadIdentifier, 60004, "identifier missing or not acceptable", "error codes, public",                              \
    "Put the UserID of an app admin into the query's identifier.")                                                     \
  X(kMissingUserSig, 60005, "usersig missing", "error codes, public",                                                  \
    "Put a UserSig into the query's usersig; confab usersig make prints one.")                                         \
  X(kUnknownApp, 60006, "sdkappid is not valid", "error codes, public",                                                \
    "Use an SDKAppID that this server has; confab app list shows them.")                                               \
  X(kCommandRateExceeded, 60007, "call frequency of this command exceeded", "error codes, public",                     \
    "Call less often, or raise the limit with rate.commands or rate.profile.")                                         \
  X(kGatewayTimeout, 60008, "service timed out, outcome unknown; retry", "error codes, public",                        \
    CONFAB_FIX_TIMEOUT)                                                                                                \
  X(kUnknownCommand, 60009, "no such service or command", "error codes, public",                                       \
    "Check the spelling of the path; what is served stands in /openapi.json.")                                         \
  X(kMissingApp, 60012, "sdkappid missing", "error codes, public",                                                     \
    "Put the SDKAppID into the query's sdkappid.")                                                                     \
  X(kAccountNotString, 60015, "an account is not a JSON string", "error codes, public",                                \
    "Write accounts as JSON strings, in quotes.")                                                                      \
  X(kOverloaded, 60018, "too many requests, retry later", "error codes, public",                                       \
    "Wait a moment and call again; if it stays, look at the load and the disk.")                                       \
  /* UserSig. */                                                                                                       \
  X(kUserSigExpired, 70001, "UserSig expired", "error codes, account",                                                 \
    "Make a new UserSig; kicking an account voids those made before.")                                                 \
  X(kUserSigEmpty, 70002, "UserSig is empty", "error codes, account",                                                  \
    "Put a UserSig into the query's usersig; it is empty.")                                                            \
  X(kUserSigUndecodable, 70003, "UserSig invalid: it cannot be decoded", "error codes, account",                       \
    "Send the whole UserSig, unchanged: often it was cut, or + and * were encoded twice.")                             \
  X(kUserSigMalformed, 70005, "UserSig invalid: its content is not as expected", "error codes, account",               \
    "Make the UserSig with a library for UserSig 2.0.")                                                                \
  X(kUserSigMismatch, 70009, "UserSig verification failed", "error codes, account",                                    \
    "Sign with the key of this app; confab usersig verify --explain compares.")                                        \
  X(kUserSigWrongIdentifier, 70013, "identifier differs from the one in UserSig", "error codes, account",              \
    "Make the UserSig for the same UserID that the query's identifier names.")                                         \
  X(kUserSigWrongApp, 70014, "sdkappid differs from the one in UserSig", "error codes, account",                       \
    "Make the UserSig for the same SDKAppID that the query names.")                                                    \
  /* im_open_login_svc. */                                                                                             \
  X(kProfileValueTooLong, 40601, "profile value is longer than 500 bytes", "account_import",                           \
    "Shorten the value to 500 bytes.")                                                                                 \
  X(kNoSuchAccountItem, 70107, "Err_TLS_PT_Open_Login_Account_Not_Exist", "account_delete, per item",                  \
    CONFAB_FIX_IMPORT)                                                                                                 \
  X(kAccountTimeout, 70169, "service timed out, outcome unknown; retry", "account_import",                             \
    CONFAB_FIX_TIMEOUT)                                                                                                \
  X(kBatchSize, 70206, "number of items in the batch not acceptable", "error codes, account",                          \
    "Ask for 1 to 100 accounts in one call.")                                                                          \
  X(kAccountParameter, 70402, "parameter invalid", "account_import",                                                   \
    CONFAB_FIX_FIELD)                                                                                                  \
  X(kAccountAdminRequired, 70403, "app admin required", "account_import",                                              \
    CONFAB_FIX_ADMIN)                                                                                                  \
  X(kAccountInternal, 70500, "internal error, retry", "account_import",                                                \
    CONFAB_FIX_INTERNAL)                                                                                               \
  /* recentcontact. */                                                                                                 \
  X(kContactNoAccount, 50001, "account is not imported", "recentcontact/delete",                                       \
    CONFAB_FIX_IMPORT)                                                                                                 \
  X(kContactParameter, 50002, "request parameter invalid", "recentcontact/delete",                                     \
    CONFAB_FIX_FIELD)                                                                                                  \
  X(kContactAdminRequired, 50003, "app admin required", "recentcontact/delete",                                        \
    CONFAB_FIX_ADMIN)                                                                                                  \
  X(kContactInternal, 50004, "internal error, retry", "recentcontact/delete",                                          \
    CONFAB_FIX_INTERNAL)                                                                                               \
  X(kContactTimeout, 50005, "service timed out, outcome unknown; retry", "recentcontact/delete",                       \
    CONFAB_FIX_TIMEOUT)                                                                                                \
  X(kTooManyPinned, 51012, "more than 50 pinned conversations", "error codes, recent contacts",                        \
    "Unpin another conversation first.")                                                                               \
  X(kTooManyMarked, 51008, "too many conversations with marks or groups", "create_contact_group",                      \
    "Take marks and groups off conversations that no longer need them.")                                               \
  X(kMarkBatchSize, 51006, "number of conversations in the request not acceptable", "create_contact_group",            \
    "Name 1 to 100 conversations in one call.")                                                                        \
  X(kNoSuchContactTarget, 51007, "no such chat group", "create_contact_group, per item",                               \
    "Name a chat group that exists.")                                                                                  \
  X(kNoSuchContactGroup, 51009, "no such conversation group", "update_contact_group",                                  \
    "Name a conversation group of this user; get_contact_group lists them.")                                           \
  X(kTooManyContactGroups, 51010, "too many conversation groups", "create_contact_group",                              \
    "Delete a conversation group first; a user has at most 20.")                                                       \
  X(kBadContactGroupName, 51011, "conversation group name is not 1 to 32 bytes long", "create_contact_group",          \
    "Give the conversation group a name of 1 to 32 bytes.")                                                            \
  /* openim. */                                                                                                        \
  X(kPartyInvalid, 20003, "From_Account or To_Account invalid", "modify_c2c_msg",                                      \
    "Name the sender and the recipient of the message, both imported.")                                                \
  X(kNoSuchMessage, 20022, "message not found", "admin_msgwithdraw",                                                   \
    "Take the MsgKey or MsgSeq from the answer to sending or from the history, and name sender and recipient as they were.") \
  X(kAlreadyRecalled, 20023, "message already recalled", "admin_msgwithdraw",                                          \
    "Nothing is left to do: the message is recalled.")                                                                 \
  X(kMessageBadJson, 90001, "Fail to Parse json data of body, Please check it", "sendmsg",                             \
    "Send one JSON object in UTF-8 as the body, and nothing after it.")                                                \
  X(kBadMessageElement, 90002, "MsgBody holds a bad element", "sendmsg",                                               \
    "Give each element of MsgBody a known MsgType and the MsgContent that belongs to it.")                             \
  X(kBadToAccount, 90003, "To_Account missing, not a string or not imported", "sendmsg",                               \
    "Name an imported account as a string in To_Account.")                                                             \
  X(kBadMsgSeq, 90004, "MsgSeq invalid", "batchsendmsg",                                                               \
    "Send MsgSeq as an unsigned 32-bit integer, or leave it out.")                                                     \
  X(kBadMsgRandom, 90005, "MsgRandom missing or invalid", "sendmsg",                                                   \
    "Send MsgRandom as an unsigned 32-bit integer.")                                                                   \
  X(kBadMsgTimeStamp, 90006, "MsgTimeStamp missing or invalid", "importmsg",                                           \
    "Send MsgTimeStamp in seconds since 1970, not in the future.")                                                     \
  X(kBadMsgBody, 90007, "MsgBody is not an array", "sendmsg",                                                          \
    "Send MsgBody as an array of elements.")                                                                           \
  X(kBadFromAccount, 90008, "From_Account missing, not a string or not imported", "admin_msgwithdraw",                 \
    "Name an imported account as a string in From_Account.")                                                           \
  X(kMessageAdminRequired, 90009, "app admin required", "sendmsg",                                                     \
    CONFAB_FIX_ADMIN)                                                                                                  \
  X(kBadMessageFormat, 90010, "request does not follow the message format", "sendmsg",                                 \
    "Compare the request with the documented sample; ErrorInfo names the place.")                                      \
  X(kBatchTooLarge, 90011, "more than 500 accounts", "batchsendmsg",                                                   \
    "Send to at most 500 accounts in one call.")                                                                       \
  X(kRecipientNotImported, 90012, "To_Account is not imported", "sendmsg",                                             \
    CONFAB_FIX_IMPORT)                                                                                                 \
  X(kTooManyAccounts, 90018, "too many accounts requested", "error codes, message",                                    \
    "Ask for fewer accounts in one call.")                                                                             \
  X(kBadMsgLifeTime, 90026, "MsgLifeTime out of range", "sendmsg",                                                     \
    "Send MsgLifeTime from 0 to 604800 seconds, or leave it out.")                                                     \
  X(kBadSyncFromOldSystem, 90030, "SyncFromOldSystem is neither 2 nor 5", "importmsg",                                 \
    "Send SyncFromOldSystem 2 (read history) or 5 (counts as unread).")                                                \
  X(kBadSyncOtherMachine, 90031, "SyncOtherMachine is not an integer", "sendmsg",                                      \
    "Send SyncOtherMachine 1 or 2, or leave it out.")                                                                  \
  X(kBadOfflinePushInfo, 90043, "OfflinePushInfo invalid", "error codes, message",                                     \
    "Send OfflinePushInfo as the documented object, or leave it out.")                                                 \
  X(kMsgLifeTimeNotInteger, 90044, "MsgLifeTime is not an integer", "sendmsg",                                         \
    "Send MsgLifeTime as an integer of seconds.")                                                                      \
  X(kAccountNotImported, 90048, "account is not imported", "sendmsg",                                                  \
    CONFAB_FIX_IMPORT)                                                                                                 \
  X(kBadMsgKey, 90054, "MsgKey malformed", "admin_msgwithdraw",                                                        \
    "Send a MsgKey as an answer had it: sequence_random_time.")                                                        \
  X(kMessageInternal, 91000, "internal error, retry", "sendmsg",                                                       \
    CONFAB_FIX_INTERNAL)                                                                                               \
  X(kMessageTooLong, 93000, "message JSON too long", "sendmsg",                                                        \
    "Shorten the message, or raise max_message_bytes.")                                                                \
  /* group_open_http_svc, and openim_msg_ext_http_svc. */                                                              \
  X(kGroupInternal, 10002, "internal error, retry", "create_group",                                                    \
    CONFAB_FIX_INTERNAL)                                                                                               \
  X(kGroupParameter, 10004, "request parameter invalid", "create_group",                                               \
    CONFAB_FIX_FIELD)                                                                                                  \
  X(kGroupBatchSize, 10005, "too many accounts in the request", "add_group_member",                                    \
    "Name fewer accounts in one call; ErrorInfo says how many.")                                                       \
  X(kGroupNotPermitted, 10007, "operation not permitted", "create_group",                                              \
    "Use a kind of group that can do this; ErrorInfo and x-group-kinds say which.")                                    \
  X(kNoSuchGroup, 10010, "group does not exist or was dissolved", "destroy_group",                                     \
    "Name a group that exists; get_appid_group_list lists them.")                                                      \
  X(kTopicsUnsupported, 11000, "the group does not support topics", "create_topic",                                    \
    "Leave topics out: no group here has them.")                                                                       \
  X(kGroupFull, 10014, "the group is full", "add_group_member",                                                        \
    "Remove members, or raise MaxMemberNum.")                                                                          \
  X(kBadGroupId, 10015, "GroupId invalid", "destroy_group",                                                            \
    "Give a GroupId of 1 to 48 bytes of printable ASCII, without the reserved beginning @TGS#.")                       \
  X(kGroupMuted, 10017, "the sender is muted in the group", "send_group_msg",                                          \
    "Lift the mute of the sender or of the group first.")                                                              \
  X(kAnswerTooLarge, 10018, "the answer is over 1 MB; ask for less at a time", "get_group_info",                       \
    "Ask for fewer items or fields in one call.")                                                                      \
  X(kGroupNoAccount, 10019, "account is not imported", "add_group_member",                                             \
    CONFAB_FIX_IMPORT)                                                                                                 \
  X(kGroupIdTaken, 10021, "GroupId is used by somebody else's group", "create_group",                                  \
    "Choose another GroupId, or let the server make one.")                                                             \
  X(kGroupIdOwn, 10025, "GroupId is used by a group of the same owner", "create_group",                                \
    "The group is there already; use it, or choose another GroupId.")                                                  \
  X(kRecallNoMessage, 10030, "the message to recall does not exist", "group_msg_recall, per item",                     \
    "Take the MsgSeq from the answer to sending or from the group's history.")                                         \
  X(kRecallRefused, 10032, "the message cannot be recalled", "group_msg_recall, per item",                             \
    "Notices and messages that are recalled already cannot be recalled.")                                              \
  X(kRecallUnsupported, 10033, "messages of this kind of group cannot be recalled", "group_msg_recall",                \
    "Use a kind of group whose messages are stored.")                                                                  \
  X(kTooManyMembers, 10038, "more members than the group may have", "create_group",                                    \
    "Add fewer members, or give the group a greater MaxMemberNum.")                                                    \
  X(kTooManyMentions, 10053, "more than 30 accounts are mentioned", "error codes, group",                              \
    "Mention at most 30 accounts in GroupAtInfo.")                                                                     \
  X(kGroupMessageTooLong, 80002, "message too long", "send_group_msg",                                                 \
    "Shorten the message: MsgBody and CloudCustomData have at most 12 KB together.")                                   \
  X(kExtensionConflict, 23001, "Seq is not that of the pair; somebody else changed it", "set_key_values, per item",    \
    "Read the pair again, and send the Seq that it has now.")                                                          \
  X(kExtensionUnsupported, 23002, "the message was sent without SupportMessageExtension", "set_key_values",            \
    "Send the message with SupportMessageExtension 1.")                                                                \
  X(kExtensionRate, 23003, "too many changes of one message in a minute", "set_key_values",                            \
    "Wait until the next minute.")                                                                                     \
  X(kExtensionNoMessage, 23004, "message not found", "set_key_values",                                                 \
    "Take the MsgKey or MsgSeq from the answer to sending or from the history.")
// clang-format on

enum class ErrorCode : int {
#define X(name, wire, text, source, fix) name = wire,
  CONFAB_ERROR_CODES(X)
#undef X
};

struct ErrorEntry {
  ErrorCode code;
  std::string_view name;    // the identifier above, for logs and generated documents
  std::string_view text;    // start of ErrorInfo
  std::string_view source;  // the public page that lists it
  std::string_view fix;     // what the caller can do; empty for codes that callers do not see
};

inline constexpr ErrorEntry kErrorCatalogue[] = {
#define X(name, wire, text, source, fix) {ErrorCode::name, #name, text, source, fix},
    CONFAB_ERROR_CODES(X)
#undef X
};

/// The catalogue's row of a code. Every ErrorCode has one.
const ErrorEntry& error_entry(ErrorCode code);

}  // namespace confab
