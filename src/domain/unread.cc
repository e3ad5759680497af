#include "domain/unread.h"

#include <limits>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/conversations.h"
#include "store/typed.h"

namespace confab {
namespace {

/// The side's unread keys above `floor`; each bound is a key of the same side.
struct UnreadRange {
  UnreadRest first;
  UnreadRest last;
};

UnreadRange unread_above(const Viewer& viewer) {
  const auto side = static_cast<std::uint8_t>(viewer.side);
  return {{side, unread_floor(viewer.view) + 1}, {side, std::numeric_limits<Position>::max()}};
}

/// Visits what counts as unread, newest first, up to the cap.
template <typename Visit>
Status visit_unread(
    Context& context, Txn& txn, const Shard& timeline, const Viewer& viewer, Visit visit) {
  const auto range = unread_above(viewer);
  const auto now = context.now();
  // Positions rise with time unless something was stored backdated since; then every key must be
  // looked at.
  const bool in_order = viewer.head.backdated < range.first.position;
  std::size_t count = 0;
  return scan(txn, kUnread, timeline, range.first, range.last, Direction::kBackward,
              [&](const UnreadRest& rest, const UnreadRecord& unread) {
                if (is_expired(unread.time, now, context.limits)) return !in_order;
                visit(rest);
                return ++count < context.limits.unread_cap;
              });
}

Result<AccountRecord> require_user(Txn& txn, AppId app, const std::string& user, ErrorCode code) {
  TRY(auto account, load_account(txn, app, user));
  if (!is_imported(account)) return fail(code, quote_cut(user) + " is not imported");
  return account;
}

}  // namespace

Result<std::size_t> count_unread(Context& context,
                                 Txn& txn,
                                 const Shard& timeline,
                                 const Viewer& viewer) {
  std::size_t count = 0;
  TRY_STATUS(visit_unread(context, txn, timeline, viewer, [&](const UnreadRest&) { ++count; }));
  return count;
}

Result<std::vector<Position>> unread_positions(Context& context,
                                               Txn& txn,
                                               const Shard& timeline,
                                               const Viewer& viewer) {
  std::vector<Position> positions;
  TRY_STATUS(visit_unread(context, txn, timeline, viewer,
                          [&](const UnreadRest& rest) { positions.push_back(rest.position); }));
  return positions;
}

Result<std::size_t> total_unread(Context& context, const std::string& user) {
  return read(context, [&](Txn& txn) -> Result<std::size_t> {
    TRY(const auto account, require_user(txn, context.app, user, ErrorCode::kBadToAccount));
    TRY(const auto entries, listed_entries(context, txn, user, account.generation));
    std::size_t total = 0;
    for (const auto& entry : entries) {
      if (entry.conversation.kind != ConversationKind::kC2c) continue;
      const auto& peer = entry.conversation.id;
      TRY(const auto viewer, viewer_with(txn, context.app, user, peer, entry.view));
      TRY(const auto count,
          count_unread(context, txn, c2c_timeline(context.app, user, peer), viewer));
      total += count;
    }
    return total;
  });
}

Result<std::vector<std::optional<std::size_t>>> unread_by_peer(Context& context,
                                                               const std::string& user,
                                                               std::span<const std::string> peers) {
  using Counts = std::vector<std::optional<std::size_t>>;
  return read(context, [&](Txn& txn) -> Result<Counts> {
    TRY(const auto account, require_user(txn, context.app, user, ErrorCode::kBadToAccount));
    Counts counts;
    for (const auto& peer : peers) {
      TRY(const bool known, is_known_peer(txn, context.app, user, peer));
      if (!known) {
        counts.emplace_back();
        continue;
      }
      TRY(const auto viewer, load_viewer(txn, context.app, user, account.generation, peer));
      TRY(const auto count,
          count_unread(context, txn, c2c_timeline(context.app, user, peer), viewer));
      counts.emplace_back(count);
    }
    return counts;
  });
}

Status mark_read(Context& context, const std::string& user, const std::string& peer, Seconds time) {
  const auto home = user_shard(context.app, user);
  const auto timeline = c2c_timeline(context.app, user, peer);
  return write(context, home, {}, [&](Txn& txn) -> Status {
    TRY(const auto account, require_user(txn, context.app, user, ErrorCode::kBadFromAccount));
    TRY(const bool known, is_known_peer(txn, context.app, user, peer));
    if (!known) return fail(ErrorCode::kBadToAccount, quote_cut(peer) + " is not imported");
    TRY(auto viewer, load_viewer(txn, context.app, user, account.generation, peer));

    const auto range = unread_above(viewer);
    const auto now = context.now();
    std::optional<Position> newest;
    TRY_STATUS(scan(txn, kUnread, timeline, range.first, range.last, Direction::kBackward,
                    [&](const UnreadRest& rest, const UnreadRecord& unread) {
                      // An expired key may be reclaimed any time, so it must not matter.
                      if (is_expired(unread.time, now, context.limits)) return true;
                      if (Seconds{unread.time} > time) return true;
                      newest = rest.position;
                      return false;
                    }));
    if (!newest) return {};
    viewer.view.read_upto = *newest;
    put(txn, kViews, home, c2c_with(peer).view(), viewer.view);
    return {};
  });
}

}  // namespace confab
