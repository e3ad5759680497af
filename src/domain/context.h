// What a domain operation works with. One for each request, used by one thread; it gathers the
// newest ticket that the answer depends on, whatever the outcome.
#pragma once

#include <algorithm>
#include <span>
#include <type_traits>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "domain/limits.h"
#include "store/store.h"

namespace confab {

struct Context {
  Store& store;
  const Clock& clock;
  Random& random;
  const ChatLimits& limits;
  AppId app;
  Ticket ticket = 0;

  Seconds now() const { return clock.unix_seconds(); }
};

/// Runs `body(Txn&) -> Result<T>` on a read transaction.
template <typename Body>
auto read_in(Context& context, Txn& txn, Body body) -> std::invoke_result_t<Body, Txn&> {
  auto outcome = body(txn);
  context.ticket = std::max(context.ticket, txn.ticket_so_far());
  return outcome;
}

/// Runs `body` on one consistent snapshot.
template <typename Body>
auto read(Context& context, Body body) -> std::invoke_result_t<Body, Txn&> {
  return read_in(context, *context.store.read(), std::move(body));
}

/// Runs `body` on the newest state of each entry: for one entry, or several that need not agree
/// with each other.
template <typename Body>
auto read_newest(Context& context, Body body) -> std::invoke_result_t<Body, Txn&> {
  return read_in(context, *context.store.read_newest(), std::move(body));
}

/// Runs `body(Txn&) -> Result<T>` with the shards locked and commits if it succeeds; an error
/// leaves everything as it was.
template <typename Body>
auto write(Context& context, const Shard& home, std::span<const Shard> merge_shards, Body body)
    -> std::invoke_result_t<Body, Txn&> {
  auto txn = context.store.write(home, merge_shards);
  if (!txn) return std::unexpected(std::move(txn).error());
  auto outcome = body(**txn);
  context.ticket = std::max(context.ticket, (*txn)->ticket_so_far());
  if (!outcome) return outcome;
  const auto committed = (*txn)->commit();
  if (!committed) return std::unexpected(committed.error());
  context.ticket = std::max(context.ticket, *committed);
  return outcome;
}

}  // namespace confab
