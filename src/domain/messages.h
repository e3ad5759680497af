// One-to-one messages: sending, importing, recalling and modifying. Each message is stored once, in
// the timeline that its two accounts share.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"
#include "domain/conversation.h"

namespace confab {

/// MsgKey on the wire: `<MsgSeq>_<MsgRandom>_<MsgTime>` (G3). It does not say who sent the message.
struct MessageKey {
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint32_t time = 0;

  MessageRest sent_by(Side sender) const {
    return {time, seq, random, static_cast<std::uint8_t>(sender)};
  }
  bool operator==(const MessageKey&) const = default;
};

inline MessageKey message_key(const MessageRest& rest) {
  return {rest.seq, rest.random, rest.time};
}

std::string format_message_key(const MessageKey& key);

/// Nothing unless `text` is three decimal 32-bit numbers joined by underscores, at most 50
/// characters.
std::optional<MessageKey> parse_message_key(std::string_view text);

struct NewMessage {
  std::string from;
  std::string to;
  std::optional<std::uint32_t> seq;  // absent: drawn at random (G5)
  std::uint32_t random = 0;
  std::string body;  // MsgBody as JSON text
  std::string cloud_data;
  bool online_only = false;         // MsgLifeTime 0: nothing is stored, nothing refreshed (G9)
  bool hidden_from_sender = false;  // SyncOtherMachine 2 (G10)
  bool counts_as_unread = true;     // off: NoUnread
  bool refreshes_list = true;       // off: NoLastMsg
  bool extensible = false;          // SupportMessageExtension
  std::optional<std::uint32_t>
      time;               // absent: now. Imports have their own, a batch has one for all
  bool imported = false;  // a message of either direction with these numbers is a repetition (G8)
};

/// Stores the message, counts it for the recipient and refreshes both lists, as one change. A
/// repetition in the same second answers like the first and changes nothing (G7).
/// kRecipientNotImported, kAccountNotImported (the sender).
Result<MessageKey> send_message(Context& context, const NewMessage& message);

/// Several recipients get the same message under one MsgKey; to each it is a message of its own.
struct BatchOutcome {
  MessageKey key;
  struct Failure {
    std::string to;
    ErrorCode code;  // kNoSuchAccountItem: not imported; or kInternal
  };
  std::vector<Failure> failures;  // none: everyone has it
  std::size_t reached = 0;
};

/// Sends `message` to each of `recipients` but once (G13). One transaction each, so what fails for
/// one does not touch the others. kBadFromAccount: the sender is not imported.
Result<BatchOutcome> send_to_many(Context& context,
                                  NewMessage message,
                                  std::span<const std::string> recipients);

/// Marks the message as recalled on both sides and takes it out of the unread count, at any age
/// (G20, D24), also when its sender was deleted since. kNoSuchMessage: no message from `from` to
/// `to` has this key, or nobody sees it any more; kBadFromAccount, kBadToAccount: likewise, and the
/// account is not imported. kAlreadyRecalled.
Status recall_message(Context& context,
                      const std::string& from,
                      const std::string& to,
                      const MessageKey& key);

/// What replaces parts of a stored message; an absent part stays.
struct MessageChange {
  std::optional<std::string> body;
  std::optional<std::string> cloud_data;
};

/// Overwrites parts of a message for both sides; key, time, order and unread state stay (G21).
/// kNoSuchMessage; kPartyInvalid (the sender), kRecipientNotImported: as for recall_message.
/// kAlreadyRecalled (K48).
Status modify_message(Context& context,
                      const std::string& from,
                      const std::string& to,
                      const MessageKey& key,
                      const MessageChange& change);

struct StoredMessage {
  MessageRest rest;
  MessageRecord message;
  std::vector<std::string> extension_keys = {};
};

/// The message from `from` to `to` with this key; nothing if nobody sees it (any more).
Result<std::optional<StoredMessage>> find_message(Context& context,
                                                  Txn& txn,
                                                  const std::string& from,
                                                  const std::string& to,
                                                  const MessageKey& key);

/// Fills extension_keys, before the transaction's first write.
Status load_extension_keys(Txn& txn, const Shard& timeline, StoredMessage& stored);

/// Erases a message with all that hangs on it; what reclaim and a re-used key do.
void erase_message(Txn& txn,
                   const Shard& timeline,
                   const HeadRecord& head,
                   const StoredMessage& stored);

}  // namespace confab
