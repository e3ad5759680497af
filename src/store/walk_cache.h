// Walks over all that a shard has in a keyspace, above all over a user's views, kept in memory
// until something is written to the shard: reading a list again does not walk through the engine
// again. Bounded: a walk has one slot, and the latest has it. What keeps it true is the protocol of
// EngineTxn (engine_store.cc). Internal to the store layer. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace confab {

/// The entries of a walk, in their order.
class Walk {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{32} << 10U;

  /// What does not fit any more makes it too long to be kept.
  void add(std::string_view key, std::string_view value);
  bool is_too_long() const { return is_too_long_; }
  void replay(const Visitor& visitor) const;

 private:
  struct Sizes {
    std::uint32_t key;
    std::uint32_t value;
  };

  std::string bytes_;  // key, value, key, value …
  std::vector<Sizes> sizes_;
  bool is_too_long_ = false;
};

class WalkCache {
 public:
  /// For so many walks; 0: keeps nothing.
  explicit WalkCache(std::size_t walks) : slots_(walks) {}

  bool keeps_any() const { return !slots_.empty(); }

  /// The walk over the keys that start with `prefix`, if it is known as it was after `last_write`.
  std::shared_ptr<const Walk> find(std::string_view prefix, Ticket last_write);

  void keep(std::string_view prefix, Ticket last_write, Walk walk);

 private:
  struct Slot {
    std::string prefix;
    Ticket last_write = 0;
    std::shared_ptr<const Walk> walk;  // null: free
  };

  static constexpr std::size_t kLocks = 64;

  std::size_t place_of(std::string_view prefix) const;

  std::vector<Slot> slots_;
  std::array<std::mutex, kLocks> locks_;  // each of every kLocks-th slot
};

}  // namespace confab
