// Roaming history of a one-to-one conversation as one side sees it, in pages from new to old (G15).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/messages.h"
#include "domain/views.h"

namespace confab {

struct HistoryQuery {
  std::string viewer;
  std::string peer;
  std::uint32_t min_time = 0;                      // inclusive
  std::uint32_t max_time = 0;                      // inclusive
  std::optional<MessageKey> before;                // continue with what is older than this message
  std::size_t max_rows = 0;                        // at least 1
  std::size_t max_bytes = std::size_t{13} * 1024;  // of message content; one message always fits
};

struct HistoryRow {
  Side sender = Side::kLow;
  MessageKey key;
  MessageRecord message;
};

struct HistoryPage {
  std::vector<HistoryRow> rows;  // oldest first
  bool complete = true;          // nothing older is left in the range
};

/// kBadFromAccount: the viewer is not imported. kBadToAccount: the peer is not imported and the two
/// never had a message.
Result<HistoryPage> read_history(Context& context, const HistoryQuery& query);

/// True if the viewer sees at least one message.
Result<bool> sees_any_message(Context& context,
                              Txn& txn,
                              const Shard& timeline,
                              const Viewer& viewer);

}  // namespace confab
