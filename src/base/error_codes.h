// The one catalogue of error codes: enum, wire number, ErrorInfo text and source come from this
// list. Wire numbers are Tencent Cloud Chat's and are never reused or changed. Negative numbers
// never reach the wire: each family of endpoints translates them (api/families.h).
#pragma once

#include <string_view>

namespace confab {

// clang-format off
//    identifier              wire    ErrorInfo text                                        where documented
#define CONFAB_ERROR_CODES(X)                                                                                                        \
  X(kOk,                       0,     "",                                                   "REST API overview")                     \
  /* Ours alone; translated by family before an answer is written. */                                                                \
  X(kInternal,                 -1,    "internal error",                                     "translated")                            \
  X(kNotDurableInTime,         -2,    "not durable in time, outcome unknown; retry",        "translated")                            \
  X(kInvalidField,             -3,    "request parameter invalid",                          "translated")                            \
  /* Gateway. */                                                                                                                     \
  X(kBadHttpRequest,           60002, "HTTP request cannot be understood",                  "error codes, public")                   \
  X(kBadJson,                  60003, "request body is not a JSON object",                  "error codes, public")                   \
  X(kBadIdentifier,            60004, "identifier missing or not acceptable",               "error codes, public")                   \
  X(kMissingUserSig,           60005, "usersig missing",                                    "error codes, public")                   \
  X(kUnknownApp,               60006, "sdkappid is not valid",                              "error codes, public")                   \
  X(kCommandRateExceeded,      60007, "call frequency of this command exceeded",            "error codes, public")                   \
  X(kGatewayTimeout,           60008, "service timed out, outcome unknown; retry",          "error codes, public")                   \
  X(kUnknownCommand,           60009, "no such service or command",                         "error codes, public")                   \
  X(kMissingApp,               60012, "sdkappid missing",                                   "error codes, public")                   \
  X(kAccountNotString,         60015, "an account is not a JSON string",                    "error codes, public")                   \
  X(kOverloaded,               60018, "too many requests, retry later",                     "error codes, public")                   \
  /* UserSig. */                                                                                                                     \
  X(kUserSigExpired,           70001, "UserSig expired",                                    "error codes, account")                  \
  X(kUserSigEmpty,             70002, "UserSig is empty",                                   "error codes, account")                  \
  X(kUserSigUndecodable,       70003, "UserSig invalid: it cannot be decoded",              "error codes, account")                  \
  X(kUserSigMalformed,         70005, "UserSig invalid: its content is not as expected",    "error codes, account")                  \
  X(kUserSigMismatch,          70009, "UserSig verification failed",                        "error codes, account")                  \
  X(kUserSigWrongIdentifier,   70013, "identifier differs from the one in UserSig",         "error codes, account")                  \
  X(kUserSigWrongApp,          70014, "sdkappid differs from the one in UserSig",           "error codes, account")                  \
  /* im_open_login_svc. */                                                                                                           \
  X(kProfileValueTooLong,      40601, "profile value is longer than 500 bytes",             "account_import")                        \
  X(kNoSuchAccountItem,        70107, "Err_TLS_PT_Open_Login_Account_Not_Exist",            "account_delete, per item")              \
  X(kAccountTimeout,           70169, "service timed out, outcome unknown; retry",          "account_import")                        \
  X(kBatchSize,                70206, "number of items in the batch not acceptable",        "error codes, account")                  \
  X(kAccountParameter,         70402, "parameter invalid",                                  "account_import")                        \
  X(kAccountAdminRequired,     70403, "app admin required",                                 "account_import")                        \
  X(kAccountInternal,          70500, "internal error, retry",                              "account_import")                        \
  /* recentcontact. */                                                                                                               \
  X(kContactNoAccount,         50001, "account is not imported",                            "recentcontact/delete")                  \
  X(kContactParameter,         50002, "request parameter invalid",                          "recentcontact/delete")                  \
  X(kContactAdminRequired,     50003, "app admin required",                                 "recentcontact/delete")                  \
  X(kContactInternal,          50004, "internal error, retry",                              "recentcontact/delete")                  \
  X(kContactTimeout,           50005, "service timed out, outcome unknown; retry",          "recentcontact/delete")                  \
  X(kTooManyPinned,            51012, "more than 50 pinned conversations",                  "error codes, recent contacts")          \
  X(kTooManyMarked,            51008, "too many conversations with marks or groups",        "create_contact_group")                      \
  X(kMarkBatchSize,            51006, "number of conversations in the request not acceptable", "create_contact_group")                   \
  X(kNoSuchContactTarget,      51007, "no such chat group",                                 "create_contact_group, per item")        \
  X(kNoSuchContactGroup,       51009, "no such conversation group",                         "update_contact_group")                      \
  X(kTooManyContactGroups,     51010, "too many conversation groups",                       "create_contact_group")                      \
  X(kBadContactGroupName,      51011, "conversation group name is not 1 to 32 bytes long",  "create_contact_group")                      \
  /* openim. */                                                                                                                      \
  X(kPartyInvalid,             20003, "From_Account or To_Account invalid",                 "modify_c2c_msg")                            \
  X(kNoSuchMessage,            20022, "message not found",                                  "admin_msgwithdraw")                     \
  X(kAlreadyRecalled,          20023, "message already recalled",                           "admin_msgwithdraw")                     \
  X(kMessageBadJson,           90001, "Fail to Parse json data of body, Please check it",   "sendmsg")                               \
  X(kBadMessageElement,        90002, "MsgBody holds a bad element",                        "sendmsg")                               \
  X(kBadToAccount,             90003, "To_Account missing, not a string or not imported",   "sendmsg")                               \
  X(kBadMsgSeq,                90004, "MsgSeq invalid",                                     "batchsendmsg")                          \
  X(kBadMsgRandom,             90005, "MsgRandom missing or invalid",                       "sendmsg")                               \
  X(kBadMsgTimeStamp,          90006, "MsgTimeStamp missing or invalid",                    "importmsg")                                 \
  X(kBadMsgBody,               90007, "MsgBody is not an array",                            "sendmsg")                               \
  X(kBadFromAccount,           90008, "From_Account missing, not a string or not imported", "admin_msgwithdraw")                     \
  X(kMessageAdminRequired,     90009, "app admin required",                                 "sendmsg")                               \
  X(kBadMessageFormat,         90010, "request does not follow the message format",         "sendmsg")                               \
  X(kBatchTooLarge,            90011, "more than 500 accounts",                             "batchsendmsg")                              \
  X(kRecipientNotImported,     90012, "To_Account is not imported",                         "sendmsg")                               \
  X(kTooManyAccounts,          90018, "too many accounts requested",                        "error codes, message")                  \
  X(kBadMsgLifeTime,           90026, "MsgLifeTime out of range",                           "sendmsg")                               \
  X(kBadSyncFromOldSystem,     90030, "SyncFromOldSystem is neither 2 nor 5",               "importmsg")                                 \
  X(kBadSyncOtherMachine,      90031, "SyncOtherMachine is not an integer",                 "sendmsg")                               \
  X(kBadOfflinePushInfo,       90043, "OfflinePushInfo invalid",                            "error codes, message")                  \
  X(kMsgLifeTimeNotInteger,    90044, "MsgLifeTime is not an integer",                      "sendmsg")                               \
  X(kAccountNotImported,       90048, "account is not imported",                            "sendmsg")                               \
  X(kBadMsgKey,                90054, "MsgKey malformed",                                   "admin_msgwithdraw")                     \
  X(kMessageInternal,          91000, "internal error, retry",                              "sendmsg")                               \
  X(kMessageTooLong,           93000, "message JSON too long",                              "sendmsg")                                   \
  /* group_open_http_svc, and openim_msg_ext_http_svc. */                                                                                \
  X(kGroupInternal,            10002, "internal error, retry",                              "create_group")                          \
  X(kGroupParameter,           10004, "request parameter invalid",                          "create_group")                          \
  X(kGroupBatchSize,           10005, "too many accounts in the request",                   "add_group_member")                      \
  X(kGroupNotPermitted,        10007, "operation not permitted",                            "create_group")                          \
  X(kNoSuchGroup,              10010, "group does not exist or was dissolved",              "destroy_group")                         \
  X(kTopicsUnsupported,        11000, "the group does not support topics",                  "create_topic")                          \
  X(kGroupFull,                10014, "the group is full",                                  "add_group_member")                      \
  X(kBadGroupId,               10015, "GroupId invalid",                                    "destroy_group")                         \
  X(kGroupMuted,               10017, "the sender is muted in the group",                   "send_group_msg")                        \
  X(kAnswerTooLarge,           10018, "the answer is over 1 MB; ask for less at a time",    "get_group_info")                        \
  X(kGroupNoAccount,           10019, "account is not imported",                            "add_group_member")                      \
  X(kGroupIdTaken,             10021, "GroupId is used by somebody else's group",           "create_group")                          \
  X(kGroupIdOwn,               10025, "GroupId is used by a group of the same owner",       "create_group")                          \
  X(kRecallNoMessage,          10030, "the message to recall does not exist",               "group_msg_recall, per item")            \
  X(kRecallRefused,            10032, "the message cannot be recalled",                     "group_msg_recall, per item")            \
  X(kRecallUnsupported,        10033, "messages of this kind of group cannot be recalled",  "group_msg_recall")                      \
  X(kTooManyMembers,           10038, "more members than the group may have",               "create_group")                          \
  X(kTooManyMentions,          10053, "more than 30 accounts are mentioned",                "error codes, group")                    \
  X(kGroupMessageTooLong,      80002, "message too long",                                   "send_group_msg")                        \
  X(kExtensionConflict,        23001, "Seq is not that of the pair; somebody else changed it", "set_key_values, per item")           \
  X(kExtensionUnsupported,     23002, "the message was sent without SupportMessageExtension", "set_key_values")                      \
  X(kExtensionRate,            23003, "too many changes of one message in a minute",        "set_key_values")                        \
  X(kExtensionNoMessage,       23004, "message not found",                                  "set_key_values")
// clang-format on

enum class ErrorCode : int {
#define X(name, wire, text, source) name = wire,
  CONFAB_ERROR_CODES(X)
#undef X
};

struct ErrorEntry {
  ErrorCode code;
  std::string_view name;    // the identifier above, for logs and generated documents
  std::string_view text;    // start of ErrorInfo
  std::string_view source;  // the public page that lists it
};

inline constexpr ErrorEntry kErrorCatalogue[] = {
#define X(name, wire, text, source) {ErrorCode::name, #name, text, source},
    CONFAB_ERROR_CODES(X)
#undef X
};

/// The catalogue's row of a code. Every ErrorCode has one.
const ErrorEntry& error_entry(ErrorCode code);

}  // namespace confab
