// A fixed number of locks that all shards share, each with the ticket of the last write under it.
// Internal to the store layer. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "store/shard.h"
#include "store/store.h"

namespace confab {

class ShardStripes {
 public:
  using Index = std::uint16_t;

  static Index index_of(const Shard& shard);

  /// The ticket of the last write to the shard, or nothing while one is in flight: then only the
  /// engine's newest ticket, taken after one's reads, covers what one saw.
  std::optional<Ticket> last_write(const Shard& shard) const;

 private:
  friend class ShardLock;
  static constexpr std::size_t kCount = 4096;
  static constexpr Ticket kInFlight = ~Ticket{0};

  struct alignas(64) Stripe {  // a cache line each
    std::mutex mutex;
    std::atomic<Ticket> last_write = 0;
  };

  std::array<Stripe, kCount> stripes_;
};

/// Holds the stripes of some shards. They are de-duplicated and taken in index order, so any sets
/// of shards may overlap without deadlock as long as a thread holds one set at a time. Used by one
/// thread.
class ShardLock {
 public:
  ShardLock(ShardStripes& stripes, const Shard& home, std::span<const Shard> others);
  ShardLock(const ShardLock&) = delete;
  ShardLock& operator=(const ShardLock&) = delete;
  ~ShardLock();

  /// Brackets a write to the held shards.
  void begin_write();
  void end_write(Ticket ticket);
  /// Instead of end_write: nothing was written.
  void cancel_write();

 private:
  struct Held {
    ShardStripes::Index index;
    Ticket before = 0;  // last_write when begin_write was called
  };

  ShardStripes& stripes_;
  std::vector<Held> held_;
};

}  // namespace confab
