// The storage seam: ordered key-value transactions over shards, applied at once and durable in
// groups.
//
// Rules that every engine keeps and the contract suite checks:
// - A write transaction locks its shards (home and merge shards, in sorted order) until it ends, so
// there
//   are no retries and no deadlocks. It decides and writes in its home shard; what crosses to
//   another shard is a merge, which must be idempotent and independent of order, and may be applied
//   later and repeatedly.
// - All reads come before the first write. Reads see the newest committed state of any shard (a
// write
//   transaction, read_newest) or one consistent snapshot (a read transaction).
// - A commit is visible at once and durable later. Whoever shows its effects must wait for the
// ticket that
//   commit() returned, also after a read and also when the outcome was an error.
//
// A Store is thread-safe. A Txn belongs to one thread, which has one of a store open at a time, and
// must end before its Store does. Breaking a rule is our own bug: a CHECK.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/keyspace.h"

namespace confab {

/// Names a state of the store: once durable, everything seen or written under it is. Greater is
/// later.
using Ticket = std::uint64_t;

enum class Direction { kForward, kBackward };

/// A half-open range of keys, [first, last), of one keyspace and shard. Without a shard it may span
/// all of them and the ticket becomes the store's newest, so it is for background work only.
struct KeyRange {
  const Shard* shard;
  std::string first;
  std::string last;
};

/// Called for each entry; false ends the scan.
using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// Errors of every operation: kInternal, when the engine cannot read or write.
class Txn {
 public:
  Txn() = default;
  Txn(const Txn&) = delete;
  Txn& operator=(const Txn&) = delete;
  /// Without a commit nothing has changed.
  virtual ~Txn() = default;

  virtual Result<std::optional<std::string>> get(const Key& key) = 0;
  /// One result for each key, in their order.
  virtual Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) = 0;
  /// The visitor must not use the transaction.
  virtual Status scan(const KeyRange& range, Direction direction, const Visitor& visitor) = 0;

  // REQUIRES: a write transaction; for put and erase the key's shard is its home shard, for merge
  // it is one of its declared shards.
  virtual void put(const Key& key, std::string value) = 0;
  virtual void erase(const Key& key) = 0;
  virtual void merge(const Key& key, std::string operand) = 0;

  /// Applies the writes, all or none, and gives the ticket that covers them and everything read so
  /// far. Once per write transaction, as its end; a read transaction may call it any time.
  /// kInternal: nothing has changed (see also ticket_so_far).
  virtual Result<Ticket> commit() = 0;

  /// Covers everything read so far; what an answer waits for when the transaction ends without a
  /// commit.
  virtual Ticket ticket_so_far() = 0;
};

/// What a store needs to know about a keyspace that is written by merges.
struct MergeRule {
  char prefix;
  /// The new value from the old one (nothing: absent). Pure; idempotent; free of order.
  std::string (*apply)(std::optional<std::string_view> value, std::string_view operand);
};

/// How much the store holds, in bytes; estimates, good for a graph.
struct StoreBytes {
  std::uint64_t live = 0;     // of entries that are there
  std::uint64_t dead = 0;     // on disk, of what was erased or overwritten
  std::uint64_t pending = 0;  // on disk, waiting to be rewritten in the background

  bool operator==(const StoreBytes&) const = default;
};

class Store {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  using OnDurable = std::move_only_function<void(Status)>;

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  virtual std::unique_ptr<Txn> read() = 0;

  /// A read transaction whose reads see the newest state each, not all the same: cheaper, for one
  /// entry or for entries that need not agree.
  virtual std::unique_ptr<Txn> read_newest() = 0;

  /// `home` may be written; `merge_shards` may receive merges. Blocks while others hold these
  /// shards. kInternal: the store takes no writes (disk reserve reached, or failed).
  virtual Result<std::unique_ptr<Txn>> write(const Shard& home,
                                             std::span<const Shard> merge_shards) = 0;

  /// Calls `done` once: with success when `ticket` is durable (at once, on this thread, if it
  /// already is), with kNotDurableInTime at the deadline, with kInternal if the store failed, with
  /// kOverloaded if too many are waiting. Runs on a thread of the store; must not block.
  virtual void when_durable(Ticket ticket, Deadline deadline, OnDurable done) = 0;

  /// To be called when a lot may have been erased: the disk gets the space back, in the background
  /// and in steps that nobody waits for. May itself wait until this slows no writer, so it is for
  /// background threads. kInternal: not this time.
  virtual Status give_back_space() = 0;

  /// Reads what the engine counts anyway; cheap enough for every look at the metrics.
  virtual StoreBytes bytes() = 0;
};

}  // namespace confab
