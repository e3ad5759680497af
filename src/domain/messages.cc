#include "domain/messages.h"

#include <array>
#include <charconv>
#include <set>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/extensions.h"
#include "domain/views.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr std::size_t kMaxKeyLength = 50;  // documented (G3); three 32-bit numbers need only 32

struct Party {
  std::uint32_t from_generation;
  std::uint32_t to_generation;
};

Result<Party> require_accounts(Txn& txn,
                               AppId app,
                               const std::string& from,
                               ErrorCode from_code,
                               const std::string& to,
                               ErrorCode to_code) {
  const std::array users{from, to};
  TRY(const auto accounts, load_accounts(txn, app, users));
  if (!is_imported(accounts[0])) return fail(from_code, "From_Account " + quote_cut(from));
  if (!is_imported(accounts[1])) return fail(to_code, "To_Account " + quote_cut(to));
  return Party{accounts[0].generation, accounts[1].generation};
}

/// What no side can see does not exist for any command.
Result<bool> is_visible_to_anyone(Context& context,
                                  Txn& txn,
                                  const std::string& from,
                                  const std::string& to,
                                  const Party& party,
                                  const StoredMessage& stored) {
  TRY(const auto sender, load_viewer(txn, context.app, from, party.from_generation, to));
  TRY(const auto recipient, load_viewer(txn, context.app, to, party.to_generation, from));
  const auto now = context.now();
  return is_visible(sender, stored.rest, stored.message, now, context.limits) ||
         is_visible(recipient, stored.rest, stored.message, now, context.limits);
}

/// What stands where a new message is to be stored.
struct Place {
  bool repeated = false;                   // this message (G7, G8)
  std::optional<StoredMessage> forgotten;  // one that nobody sees any more
};

Result<Place> look_at_place(Context& context,
                            Txn& txn,
                            const Shard& timeline,
                            const NewMessage& message,
                            const Party& party,
                            const MessageKey& key) {
  const auto rest = key.sent_by(side_of(message.from, message.to));
  TRY(const auto former, get(txn, kMessages, timeline, rest));
  Place place;
  if (former) {
    place.forgotten = {rest, *former};
    TRY(place.repeated,
        is_visible_to_anyone(context, txn, message.from, message.to, party, *place.forgotten));
    if (place.repeated) return place;
    TRY_STATUS(load_extension_keys(txn, timeline, *place.forgotten));
  }
  if (message.imported && message.from != message.to) {
    TRY(const auto opposite, find_message(context, txn, message.to, message.from, key));
    place.repeated = opposite.has_value();
  }
  return place;
}

/// find_message, or the error that a caller is told.
Result<StoredMessage> require_message(Context& context,
                                      Txn& txn,
                                      const std::string& from,
                                      ErrorCode from_code,
                                      const std::string& to,
                                      ErrorCode to_code,
                                      const MessageKey& key) {
  TRY(auto found, find_message(context, txn, from, to, key));
  if (found) return *std::move(found);
  TRY_STATUS(require_accounts(txn, context.app, from, from_code, to, to_code));
  return fail(ErrorCode::kNoSuchMessage, "MsgKey " + format_message_key(key));
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
    TRY(const auto party,
        require_accounts(txn, context.app, message.from, ErrorCode::kAccountNotImported, message.to,
                         ErrorCode::kRecipientNotImported));
    const MessageKey key{message.seq ? *message.seq
                                     : static_cast<std::uint32_t>(context.random.next()),
                         message.random,
                         message.time.value_or(static_cast<std::uint32_t>(context.now()))};
    if (message.online_only) return key;

    const auto rest = key.sent_by(sender);
    TRY(auto head, get_or_default(txn, kHeads, timeline));
    TRY(const auto place, look_at_place(context, txn, timeline, message, party, key));
    if (place.repeated) return key;

    if (place.forgotten) erase_message(txn, timeline, head, *place.forgotten);
    begin_generation(head, sender, party.from_generation);
    begin_generation(head, side_of(message.to, message.from), party.to_generation);
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
      txn.merge(kViews.key(recipient_shard, c2c_with(message.from).view()),
                refresh_operand(position, key.time, party.to_generation));
      if (!message.hidden_from_sender && message.from != message.to) {
        txn.merge(kViews.key(sender_shard, c2c_with(message.to).view()),
                  refresh_operand(position, key.time, party.from_generation));
      }
    }
    return key;
  });
}

Result<BatchOutcome> send_to_many(Context& context,
                                  NewMessage message,
                                  std::span<const std::string> recipients) {
  TRY(const bool sender_exists,
      read(context, [&](Txn& txn) { return account_exists(txn, context.app, message.from); }));
  if (!sender_exists) {
    return fail(ErrorCode::kBadFromAccount, quote_cut(message.from) + " is not imported");
  }
  if (!message.seq) message.seq = static_cast<std::uint32_t>(context.random.next());
  message.time = static_cast<std::uint32_t>(context.now());

  BatchOutcome outcome{.key = {*message.seq, message.random, *message.time}};
  std::set<std::string_view> done;
  for (const auto& to : recipients) {
    if (!done.insert(to).second) continue;
    message.to = to;
    const auto sent = send_message(context, message);
    if (sent) {
      ++outcome.reached;
      continue;
    }
    const auto code = sent.error().code;
    outcome.failures.push_back(
        {to, code == ErrorCode::kRecipientNotImported ? ErrorCode::kNoSuchAccountItem : code});
  }
  return outcome;
}

Status recall_message(Context& context,
                      const std::string& from,
                      const std::string& to,
                      const MessageKey& key) {
  const auto timeline = c2c_timeline(context.app, from, to);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto stored, require_message(context, txn, from, ErrorCode::kBadFromAccount, to,
                                     ErrorCode::kBadToAccount, key));
    auto& message = stored.message;
    if ((message.flags & MessageRecord::kRecalled) != 0) {
      return fail(ErrorCode::kAlreadyRecalled, "MsgKey " + format_message_key(key));
    }
    message.flags |= MessageRecord::kRecalled;
    put(txn, kMessages, timeline, stored.rest, message);
    const auto recipient = other(side_of(from, to));
    erase(txn, kUnread, timeline, {static_cast<std::uint8_t>(recipient), message.position});
    return {};
  });
}

Status modify_message(Context& context,
                      const std::string& from,
                      const std::string& to,
                      const MessageKey& key,
                      const MessageChange& change) {
  const auto timeline = c2c_timeline(context.app, from, to);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto stored, require_message(context, txn, from, ErrorCode::kPartyInvalid, to,
                                     ErrorCode::kRecipientNotImported, key));
    auto& message = stored.message;
    if ((message.flags & MessageRecord::kRecalled) != 0) {
      return fail(ErrorCode::kAlreadyRecalled, "MsgKey " + format_message_key(key));
    }
    if (change.body) message.body = *change.body;
    if (change.cloud_data) message.cloud_data = *change.cloud_data;
    put(txn, kMessages, timeline, stored.rest, message);
    return {};
  });
}

Result<std::optional<StoredMessage>> find_message(Context& context,
                                                  Txn& txn,
                                                  const std::string& from,
                                                  const std::string& to,
                                                  const MessageKey& key) {
  const auto rest = key.sent_by(side_of(from, to));
  TRY(const auto message, get(txn, kMessages, c2c_timeline(context.app, from, to), rest));
  if (!message) return std::nullopt;
  StoredMessage stored{rest, *message};
  const std::array users{from, to};
  TRY(const auto accounts, load_accounts(txn, context.app, users));
  TRY(const bool exists,
      is_visible_to_anyone(context, txn, from, to, {accounts[0].generation, accounts[1].generation},
                           stored));
  if (!exists) return std::nullopt;
  return stored;
}

Status load_extension_keys(Txn& txn, const Shard& timeline, StoredMessage& stored) {
  if ((stored.message.flags & MessageRecord::kExtensible) == 0) return {};
  return for_each_extension(txn, timeline, stored.rest,
                            [&](const ExtensionRest& rest, const ExtensionRecord&) {
                              stored.extension_keys.push_back(rest.key);
                              return true;
                            });
}

void erase_message(Txn& txn,
                   const Shard& timeline,
                   const HeadRecord& head,
                   const StoredMessage& stored) {
  const auto& [rest, message, extension_keys] = stored;
  const auto recipient = other(static_cast<Side>(rest.sender));
  erase(txn, kMessages, timeline, rest);
  erase(txn, kUnread, timeline, {static_cast<std::uint8_t>(recipient), message.position});
  if (message.position <= head.backdated) erase(txn, kBackdated, timeline, {message.position});
  if ((message.flags & MessageRecord::kExtensible) == 0) return;
  erase(txn, kExtensionHeads, timeline, rest);
  for (const auto& key : extension_keys)
    erase(txn, kExtensions, timeline, extension_rest(rest, key));
}

}  // namespace confab
