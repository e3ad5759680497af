// Unread counts and read marks of one-to-one conversations. A count is never stored: it is the
// number of the side's unread keys above its watermarks (D20-D24).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/views.h"

namespace confab {

/// Messages of `timeline` that the viewer has not read, at most ChatLimits::unread_cap.
Result<std::size_t> count_unread(Context& context,
                                 Txn& txn,
                                 const Shard& timeline,
                                 const Viewer& viewer);

/// Which ones count_unread counts, newest first.
Result<std::vector<Position>> unread_positions(Context& context,
                                               Txn& txn,
                                               const Shard& timeline,
                                               const Viewer& viewer);

/// The sum over the user's listed one-to-one conversations. kBadToAccount: not imported.
Result<std::size_t> total_unread(Context& context, const std::string& user);

/// For each peer the count, or nothing if the peer is neither imported nor known from a former
/// message. kBadToAccount: `user` is not imported.
Result<std::vector<std::optional<std::size_t>>> unread_by_peer(Context& context,
                                                               const std::string& user,
                                                               std::span<const std::string> peers);

/// Marks what `peer` sent up to `time` as read by `user` (D23). kBadFromAccount: `user` is not
/// imported; kBadToAccount: nor is `peer`, and the two never had a message.
Status mark_read(Context& context, const std::string& user, const std::string& peer, Seconds time);

}  // namespace confab
