// One-to-one messages: sending and recalling. Each message is stored once, in the timeline that its
// two accounts share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

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
};

/// Stores the message, counts it for the recipient and refreshes both lists, as one change. A
/// repetition in the same second answers like the first and changes nothing (G7).
/// kRecipientNotImported, kAccountNotImported (the sender).
Result<MessageKey> send_message(Context& context, const NewMessage& message);

/// Marks the message as recalled on both sides and takes it out of the unread count, at any age
/// (G20, D24). kBadFromAccount, kBadToAccount: unknown account. kNoSuchMessage: no message from
/// `from` to `to` has this key, or nobody sees it any more. kAlreadyRecalled.
Status recall_message(Context& context,
                      const std::string& from,
                      const std::string& to,
                      const MessageKey& key);

/// Erases a message with all that hangs on it; what reclaim and a re-used key do.
void erase_message(Txn& txn,
                   const Shard& timeline,
                   const HeadRecord& head,
                   const MessageRest& rest,
                   const MessageRecord& message);

}  // namespace confab
