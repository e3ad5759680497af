// A page is cut from a descending walk over the messages that the viewer sees. Messages stored in
// order of time come first; the walk stops at the time of the viewer's last clearing, because
// whatever is older was stored before it. Only messages stored with an older time than their
// predecessors (`backdated`) may be both older and still visible; if there are any since the
// clearing, they follow, newest first.
#include "domain/history.h"

#include <algorithm>
#include <limits>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "store/typed.h"

namespace confab {
namespace {

/// What a row costs beside its body: names of its members, accounts, key. Close to what is sent.
constexpr std::size_t kRowOverhead = 250;

constexpr MessageRest kAfterAll{std::numeric_limits<std::uint32_t>::max(),
                                std::numeric_limits<std::uint32_t>::max(),
                                std::numeric_limits<std::uint32_t>::max(), 0xff};

/// True while the walk goes on. It may move out of the message.
using RowVisitor = std::function<bool(const MessageRest&, MessageRecord&)>;

struct Walk {
  Txn& txn;
  const Shard& timeline;
  const Viewer& viewer;
  MessageRest first;  // inclusive
  MessageRest last;   // exclusive
  Seconds now;
  const ChatLimits& limits;
};

/// Messages with a time before the clearing that were stored after it.
Status walk_backdated(const Walk& walk, Position backdated, const RowVisitor& visit) {
  const auto cleared = walk.viewer.view.cleared_upto;
  if (backdated <= cleared) return {};
  std::vector<MessageRest> found;
  TRY_STATUS(scan(walk.txn, kBackdated, walk.timeline, BackdatedRest{cleared + 1}, {},
                  Direction::kForward, [&](const BackdatedRest&, const BackdatedRecord& entry) {
                    const MessageRest rest{entry.time, entry.seq, entry.random,
                                           static_cast<std::uint8_t>(entry.sender)};
                    const bool wanted = rest.time < walk.viewer.view.cleared_time &&
                                        rest >= walk.first && rest < walk.last;
                    if (wanted) found.push_back(rest);
                    return true;
                  }));
  std::ranges::sort(found, std::greater{});
  for (const auto& rest : found) {
    TRY(auto message, get(walk.txn, kMessages, walk.timeline, rest));
    const bool visible = message && is_visible(walk.viewer, rest, *message, walk.now, walk.limits);
    if (visible && !visit(rest, *message)) return {};
  }
  return {};
}

/// Everything the viewer sees in [first, last), newest first.
Status walk_visible(const Walk& walk, const RowVisitor& visit) {
  const MessageRest oldest_in_order{.time = walk.viewer.view.cleared_time};
  const auto first = std::max(walk.first, oldest_in_order);
  bool go_on = true;
  if (first < walk.last) {
    TRY_STATUS(scan(walk.txn, kMessages, walk.timeline, first, walk.last, Direction::kBackward,
                    [&](const MessageRest& rest, MessageRecord& message) {
                      if (is_visible(walk.viewer, rest, message, walk.now, walk.limits)) {
                        go_on = visit(rest, message);
                      }
                      return go_on;
                    }));
  }
  if (!go_on || walk.viewer.view.cleared_upto == 0) return {};
  return walk_backdated(walk, walk.viewer.head.backdated, visit);
}

/// The first second that has not expired.
std::uint32_t oldest_time(Seconds now, const ChatLimits& limits) {
  return static_cast<std::uint32_t>(std::max<Seconds>(0, now - limits.roaming_period + 1));
}

/// Both directions may use the same numbers in one second. A key on the wire does not tell them
/// apart, so they travel in one page.
bool share_a_key(const HistoryRow& row, const MessageRest& rest) {
  return row.key == message_key(rest);
}

MessageRest end_of(const HistoryQuery& query) {
  auto last = kAfterAll;
  if (query.max_time < kAfterAll.time) last = {.time = query.max_time + 1};
  if (query.before) last = std::min(last, query.before->sent_by(Side::kLow));
  return last;
}

}  // namespace

Result<HistoryPage> read_history(Context& context, const HistoryQuery& query) {
  const auto timeline = c2c_timeline(context.app, query.viewer, query.peer);
  return read(context, [&](Txn& txn) -> Result<HistoryPage> {
    TRY(const auto account, load_account(txn, context.app, query.viewer));
    if (!is_imported(account)) {
      return fail(ErrorCode::kBadFromAccount, quote_cut(query.viewer) + " is not imported");
    }
    TRY(const bool peer_known, is_known_peer(txn, context.app, query.viewer, query.peer));
    if (!peer_known) {
      return fail(ErrorCode::kBadToAccount, quote_cut(query.peer) + " is not imported");
    }
    TRY(const auto viewer,
        load_viewer(txn, context.app, query.viewer, account.generation, query.peer));

    const auto now = context.now();
    const Walk walk{txn,
                    timeline,
                    viewer,
                    {.time = std::max(query.min_time, oldest_time(now, context.limits))},
                    end_of(query),
                    now,
                    context.limits};
    HistoryPage page;
    std::size_t bytes = 0;
    TRY_STATUS(walk_visible(walk, [&](const MessageRest& rest, MessageRecord& message) {
      const auto size = message.body.size() + message.cloud_data.size() + kRowOverhead;
      const bool full = page.rows.size() >= query.max_rows || bytes + size > query.max_bytes;
      if (!page.rows.empty() && full && !share_a_key(page.rows.back(), rest)) {
        page.complete = false;
        return false;
      }
      bytes += size;
      page.rows.push_back({static_cast<Side>(rest.sender), message_key(rest), std::move(message)});
      return true;
    }));
    std::ranges::reverse(page.rows);
    return page;
  });
}

Result<bool> sees_any_message(Context& context,
                              Txn& txn,
                              const Shard& timeline,
                              const Viewer& viewer) {
  const auto now = context.now();
  bool found = false;
  TRY_STATUS(walk_visible({txn,
                           timeline,
                           viewer,
                           {.time = oldest_time(now, context.limits)},
                           kAfterAll,
                           now,
                           context.limits},
                          [&](const MessageRest&, const MessageRecord&) {
                            found = true;
                            return false;
                          }));
  return found;
}

}  // namespace confab
