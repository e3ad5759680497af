#include "domain/extensions.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "domain/accounts.h"
#include "domain/views.h"

namespace confab {
namespace {

using Pairs = std::map<std::string, ExtensionRecord>;

struct Extended {
  MessageRest rest;
  ExtensionHeadRecord head;
  Pairs pairs;
};

Result<bool> is_seen_by(Context& context,
                        Txn& txn,
                        const MessageName& name,
                        const std::string& viewer,
                        const StoredMessage& stored) {
  TRY(const auto account, load_account(txn, context.app, viewer));
  const auto& peer = viewer == name.from ? name.to : name.from;
  TRY(const auto side, load_viewer(txn, context.app, viewer, account.generation, peer));
  return is_visible(side, stored.rest, stored.message, context.now(), context.limits);
}

Result<Extended> load_extended(Context& context, Txn& txn, const MessageName& name) {
  const auto timeline = c2c_timeline(context.app, name.from, name.to);
  TRY(const auto found, find_message(context, txn, name.from, name.to, name.key));
  bool exists = found.has_value();
  if (exists && name.viewer) {
    TRY(exists, is_seen_by(context, txn, name, *name.viewer, *found));
  }
  if (!exists) {
    return fail(ErrorCode::kExtensionNoMessage, "MsgKey " + format_message_key(name.key));
  }
  if ((found->message.flags & MessageRecord::kExtensible) == 0) {
    return fail(ErrorCode::kExtensionUnsupported, "MsgKey " + format_message_key(name.key));
  }
  Extended extended{.rest = found->rest};
  TRY(extended.head, get_or_default(txn, kExtensionHeads, timeline, found->rest));
  TRY_STATUS(for_each_extension(txn, timeline, found->rest,
                                [&](const ExtensionRest& rest, const ExtensionRecord& record) {
                                  extended.pairs.emplace(rest.key, record);
                                  return true;
                                }));
  return extended;
}

Status count_call(Context& context, ExtensionHeadRecord& head) {
  const auto minute = static_cast<std::uint32_t>(context.now() / 60);
  if (head.minute != minute) head.calls = 0;
  head.minute = minute;
  if (++head.calls <= kMaxExtensionCalls) return {};
  return fail(ErrorCode::kExtensionRate, std::to_string(kMaxExtensionCalls) + " calls per minute");
}

bool is_deleted(const ExtensionRecord& record) {
  return record.value.empty();
}

/// Deleted pairs that are to be forgotten, oldest first: who reads by Seq must have a chance to see
/// them, but they must not pile up.
std::vector<std::string> surplus_deleted(const Pairs& pairs) {
  std::vector<std::pair<std::uint64_t, std::string>> deleted;
  for (const auto& [key, record] : pairs) {
    if (is_deleted(record)) deleted.emplace_back(record.seq, key);
  }
  std::ranges::sort(deleted);
  std::vector<std::string> surplus;
  for (std::size_t i = 0; i + kMaxExtensions < deleted.size(); ++i)
    surplus.push_back(std::move(deleted[i].second));
  return surplus;
}

}  // namespace

Result<std::vector<ExtensionOutcome>> change_extensions(Context& context,
                                                        const MessageName& message,
                                                        std::span<const ExtensionChange> changes) {
  using Outcomes = std::vector<ExtensionOutcome>;
  const auto timeline = c2c_timeline(context.app, message.from, message.to);
  return write(context, timeline, {}, [&](Txn& txn) -> Result<Outcomes> {
    TRY(auto extended, load_extended(context, txn, message));
    auto& [rest, head, pairs] = extended;
    TRY_STATUS(count_call(context, head));

    const auto seq = head.latest_seq + 1;
    std::vector<std::string> touched;
    Outcomes outcomes;
    for (const auto& change : changes) {
      const auto known = pairs.find(change.key);
      const bool exists = known != pairs.end();
      const auto current = exists ? known->second : ExtensionRecord{};
      if (change.seq && *change.seq != current.seq) {
        outcomes.push_back({true, {change.key, current.value, current.seq}});
        continue;
      }
      const bool nothing_to_delete = change.value.empty() && (!exists || is_deleted(current));
      if (nothing_to_delete) {
        outcomes.push_back({false, {change.key, "", current.seq}});
        continue;
      }
      pairs[change.key] = {seq, change.value};
      touched.push_back(change.key);
      outcomes.push_back({false, {change.key, change.value, seq}});
    }
    const auto live = static_cast<std::size_t>(
        std::ranges::count_if(pairs, [](const auto& pair) { return !is_deleted(pair.second); }));
    if (live > kMaxExtensions) {
      return fail(ErrorCode::kInvalidField,
                  "ExtensionList: at most " + std::to_string(kMaxExtensions) +
                      " pairs in a message, would be " + std::to_string(live));
    }
    if (!touched.empty()) head.latest_seq = seq;
    put(txn, kExtensionHeads, timeline, rest, head);
    for (const auto& key : touched)
      put(txn, kExtensions, timeline, extension_rest(rest, key), pairs[key]);
    for (const auto& key : surplus_deleted(pairs))
      erase(txn, kExtensions, timeline, extension_rest(rest, key));
    return outcomes;
  });
}

Status clear_extensions(Context& context, const MessageName& message) {
  const auto timeline = c2c_timeline(context.app, message.from, message.to);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto extended, load_extended(context, txn, message));
    auto& [rest, head, pairs] = extended;
    TRY_STATUS(count_call(context, head));
    head.clear_seq = head.latest_seq;
    put(txn, kExtensionHeads, timeline, rest, head);
    for (const auto& [key, record] : pairs)
      erase(txn, kExtensions, timeline, extension_rest(rest, key));
    return {};
  });
}

Result<ExtensionPage> read_extensions(Context& context,
                                      const MessageName& message,
                                      std::uint64_t start_seq) {
  return read(context, [&](Txn& txn) -> Result<ExtensionPage> {
    TRY(const auto extended, load_extended(context, txn, message));
    std::vector<Extension> pairs;
    for (const auto& [key, record] : extended.pairs) {
      if (record.seq >= start_seq) pairs.push_back({key, record.value, record.seq});
    }
    std::ranges::sort(pairs, {},
                      [](const Extension& pair) { return std::tie(pair.seq, pair.key); });
    ExtensionPage page{.latest_seq = extended.head.latest_seq,
                       .clear_seq = extended.head.clear_seq};
    if (pairs.size() > kExtensionPage) {
      // A reader goes on with the last Seq + 1, so the pairs of one call, which are few, must not
      // be torn apart.
      const auto torn = pairs[kExtensionPage].seq;
      page.complete = false;
      pairs.resize(kExtensionPage);
      while (pairs.size() > 1 && pairs.back().seq == torn)
        pairs.pop_back();
    }
    page.pairs = std::move(pairs);
    return page;
  });
}

}  // namespace confab
