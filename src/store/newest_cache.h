// The newest values of entries that are read again and again, kept in memory: an account, the head
// of a conversation or a user's view of it costs no search in the engine then. Bounded: a key has
// four slots, which it shares with others; who comes new takes the place of who came first. What
// keeps it true is the protocol of EngineTxn (engine_store.cc). Internal to the store layer.
// Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab {

class NewestCache {
 public:
  using Value = std::optional<std::string>;  // nothing: there is no such entry

  /// For about so many entries; 0: keeps nothing.
  explicit NewestCache(std::size_t entries)
      : buckets_per_part_((entries + kParts * kSlots - 1) / (kParts * kSlots)) {}

  /// Nothing: not known here.
  std::optional<Value> find(std::string_view key) const;

  /// Keeps the value, unless it is long or `still_newest()`, asked while no forget() of the key can
  /// come between, denies it.
  template <typename StillNewest>
  void keep(std::string_view key, const Value& value, StillNewest still_newest) {
    if (buckets_per_part_ == 0 || is_long(key, value)) return;
    const auto place = place_of(key);
    auto& part = parts_[place.part];
    const std::lock_guard lock(part.mutex);
    if (still_newest()) put(part, place, key, value);
  }

  /// True if it was known.
  bool forget(std::string_view key);

 private:
  static constexpr std::size_t kParts = 64;
  static constexpr std::size_t kSlots = 4;      // of a bucket
  static constexpr std::size_t kLongest = 256;  // bytes of a key or value; messages are read once

  /// Small, so that the slots of a bucket are one cache line.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint16_t key_size = 0;
    std::uint16_t value_size = 0;
    std::unique_ptr<char[]> bytes;  // key and value; null: free

    bool holds(std::uint32_t key_hash, std::string_view key) const;
    Value value() const;
  };
  static constexpr std::uint16_t kNoValue = 0xffff;  // value_size of an entry that is not there

  struct alignas(64) Bucket {
    std::array<Slot, kSlots> slots;  // the latest first

    const Slot* find(std::uint32_t hash, std::string_view key) const;
  };

  struct alignas(64) Part {  // a cache line for each lock
    mutable std::mutex mutex;
    std::vector<Bucket> buckets;  // empty until the first is taken
  };

  struct Place {
    std::size_t part;
    std::size_t bucket;
    std::uint32_t hash;
  };

  static bool is_long(std::string_view key, const Value& value) {
    return key.size() > kLongest || (value && value->size() > kLongest);
  }
  Place place_of(std::string_view key) const;
  // REQUIRES: the part's mutex is held.
  void put(Part& part, const Place& place, std::string_view key, const Value& value) const;

  const std::size_t buckets_per_part_;
  std::array<Part, kParts> parts_;
};

}  // namespace confab
