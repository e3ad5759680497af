#include "domain/messages.h"

#include <array>
#include <charconv>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/views.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr std::size_t kMaxKeyLength = 50;  // documented (G3); three 32-bit numbers need only 32

/// What no side can see does not exist for any command.
Result<bool> is_visible_to_anyone(Context& context,
                                  Txn& txn,
                                  const std::string& from,
                                  const std::string& to,
                                  const MessageRest& rest,
                                  const MessageRecord& message) {
  TRY(const auto sender, load_viewer(txn, context.app, from, to));
  TRY(const auto recipient, load_viewer(txn, context.app, to, from));
  const auto now = context.now();
  return is_visible(sender, rest, message, now, context.limits) ||
         is_visible(recipient, rest, message, now, context.limits);
}

Status require_accounts(Txn& txn,
                        AppId app,
                        const std::string& from,
                        ErrorCode from_code,
                        const std::string& to,
                        ErrorCode to_code) {
  const std::array users{from, to};
  TRY(const auto exist, accounts_exist(txn, app, users));
  if (!exist[0]) return fail(from_code, "From_Account " + quote_cut(from));
  if (!exist[1]) return fail(to_code, "To_Account " + quote_cut(to));
  return {};
}

std::uint32_t stored_flags(const NewMessage& message) {
  std::uint32_t flags = 0;
  // A message to oneself is received by its sender, so there is nobody to hide it from.
  if (message.hidden_from_sender && message.from != message.to) {
    flags |= MessageRecord::kHiddenFromSender;
  }
  if (message.extensible) flags |= MessageRecord::kExtensible;
  return flags;
}

}  // namespace

std::string format_message_key(const MessageKey& key) {
  return std::to_string(key.seq) + '_' + std::to_string(key.random) + '_' +
         std::to_string(key.time);
}

std::optional<MessageKey> parse_message_key(std::string_view text) {
  if (text.size() > kMaxKeyLength) return std::nullopt;
  MessageKey key;
  const std::array numbers{&key.seq, &key.random, &key.time};
  for (auto* number : numbers) {
    const bool last = number == numbers.back();
    const auto end = last ? text.size() : text.find('_');
    if (end == std::string_view::npos) return std::nullopt;
    const char* const stop = text.data() + end;
    const auto parsed = std::from_chars(text.data(), stop, *number);
    if (parsed.ec != std::errc() || parsed.ptr != stop) return std::nullopt;
    if (!last) text.remove_prefix(end + 1);
  }
  return key;
}

Result<MessageKey> send_message(Context& context, const NewMessage& message) {
  const auto timeline = c2c_timeline(context.app, message.from, message.to);
  const auto sender_shard = user_shard(context.app, message.from);
  const auto recipient_shard = user_shard(context.app, message.to);
  const std::array users{sender_shard, recipient_shard};
  const auto sender = side_of(message.from, message.to);

  return write(context, timeline, users, [&](Txn& txn) -> Result<MessageKey> {
    TRY_STATUS(require_accounts(txn, context.app, message.from, ErrorCode::kAccountNotImported,
                                message.to, ErrorCode::kRecipientNotImported));
    const MessageKey key{message.seq ? *message.seq
                                     : static_cast<std::uint32_t>(context.random.next()),
                         message.random, static_cast<std::uint32_t>(context.now())};
    if (message.online_only) return key;

    const auto rest = key.sent_by(sender);
    TRY(auto head, get_or_default(txn, kHeads, timeline));
    TRY(const auto former, get(txn, kMessages, timeline, rest));
    if (former) {
      TRY(const bool exists,
          is_visible_to_anyone(context, txn, message.from, message.to, rest, *former));
      if (exists) return key;
      erase_message(txn, timeline, head, rest, *former);
    }

    const auto position = ++head.last_position;
    if (key.time < head.last_time) {
      head.backdated = position;
      put(txn, kBackdated, timeline, {position}, {key.time, key.seq, key.random, rest.sender});
    } else {
      head.last_time = key.time;
    }
    put(txn, kHeads, timeline, {}, head);
    put(txn, kMessages, timeline, rest,
        {position, stored_flags(message), message.body, message.cloud_data});
    if (message.counts_as_unread && message.from != message.to) {
      put(txn, kUnread, timeline, {static_cast<std::uint8_t>(other(sender)), position}, {key.time});
    }
    if (message.refreshes_list) {
      const auto refresh = refresh_operand(position, key.time);
      txn.merge(kViews.key(recipient_shard, c2c_with(message.from).view()), refresh);
      if (!message.hidden_from_sender && message.from != message.to) {
        txn.merge(kViews.key(sender_shard, c2c_with(message.to).view()), refresh);
      }
    }
    return key;
  });
}

Status recall_message(Context& context,
                      const std::string& from,
                      const std::string& to,
                      const MessageKey& key) {
  const auto timeline = c2c_timeline(context.app, from, to);
  const auto sender = side_of(from, to);
  const auto rest = key.sent_by(sender);

  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY_STATUS(require_accounts(txn, context.app, from, ErrorCode::kBadFromAccount, to,
                                ErrorCode::kBadToAccount));
    TRY(auto message, get(txn, kMessages, timeline, rest));
    bool exists = message.has_value();
    if (exists) {
      TRY(exists, is_visible_to_anyone(context, txn, from, to, rest, *message));
    }
    if (!exists) return fail(ErrorCode::kNoSuchMessage, "MsgKey " + format_message_key(key));
    if ((message->flags & MessageRecord::kRecalled) != 0) {
      return fail(ErrorCode::kAlreadyRecalled, "MsgKey " + format_message_key(key));
    }
    message->flags |= MessageRecord::kRecalled;
    put(txn, kMessages, timeline, rest, *message);
    erase(txn, kUnread, timeline, {static_cast<std::uint8_t>(other(sender)), message->position});
    return {};
  });
}

void erase_message(Txn& txn,
                   const Shard& timeline,
                   const HeadRecord& head,
                   const MessageRest& rest,
                   const MessageRecord& message) {
  const auto recipient = other(static_cast<Side>(rest.sender));
  erase(txn, kMessages, timeline, rest);
  erase(txn, kUnread, timeline, {static_cast<std::uint8_t>(recipient), message.position});
  if (message.position <= head.backdated) erase(txn, kBackdated, timeline, {message.position});
}

}  // namespace confab
