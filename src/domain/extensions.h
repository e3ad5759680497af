// Extensions of one-to-one messages: key-value pairs that both parties may set, with a counter of
// changes that tells concurrent writers apart (G22-G24). They live and go with their message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/messages.h"
#include "store/keyspaces.h"
#include "store/typed.h"

namespace confab {

inline constexpr std::size_t kMaxExtensions = 300;        // of one message
inline constexpr std::uint32_t kMaxExtensionCalls = 200;  // that change one message in a minute
inline constexpr std::size_t kExtensionPage = 200;        // pairs in one answer, at most

struct Extension {
  std::string key;
  std::string value;  // "": deleted
  std::uint64_t seq = 0;
};

struct ExtensionChange {
  std::string key;
  std::string value;                 // "": delete the pair
  std::optional<std::uint64_t> seq;  // refuse unless this is the pair's; absent: do not compare
};

struct ExtensionOutcome {
  bool conflict = false;
  Extension current;
};

/// Names a message of a conversation, and who asks for it.
struct MessageName {
  std::string from;
  std::string to;
  MessageKey key;
  /// `from` or `to`: what this one does not see does not exist. Absent: an admin, who gets what
  /// anyone sees.
  std::optional<std::string> viewer = {};
};

/// Makes all changes without a conflict, under one new Seq (G23). One outcome for each.
/// kExtensionNoMessage: no such message, or the viewer does not see it. kExtensionUnsupported: it
/// was sent without SupportMessageExtension. kExtensionRate: kMaxExtensionCalls. kInvalidField: it
/// would have more than kMaxExtensions pairs; nothing has changed.
Result<std::vector<ExtensionOutcome>> change_extensions(Context& context,
                                                        const MessageName& message,
                                                        std::span<const ExtensionChange> changes);

/// Clears all pairs (G24). Errors as above.
Status clear_extensions(Context& context, const MessageName& message);

struct ExtensionPage {
  std::vector<Extension> pairs;  // by Seq; pairs of one Seq stay together
  bool complete = true;
  std::uint64_t latest_seq = 0;
  std::uint64_t clear_seq = 0;
};

/// Pairs whose Seq is at least `start_seq`, deleted ones too. Errors as above, but no rate.
Result<ExtensionPage> read_extensions(Context& context,
                                      const MessageName& message,
                                      std::uint64_t start_seq);

inline ExtensionRest extension_rest(const MessageRest& rest, std::string key) {
  return {rest.time, rest.seq, rest.random, rest.sender, std::move(key)};
}

/// Visits a message's pairs as visit(rest, record), by key.
template <typename Visit>
Status for_each_extension(Txn& txn, const Shard& timeline, const MessageRest& rest, Visit visit) {
  auto end = rest;
  ++end.sender;
  return scan(txn, kExtensions, timeline, extension_rest(rest, ""), extension_rest(end, ""),
              Direction::kForward, visit);
}

}  // namespace confab
