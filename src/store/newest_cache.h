// The newest values of entries that are read again and again, kept in memory: an account, the head
// of a conversation or a user's view of it costs no search in the engine then. Bounded: a key has
// one slot, and whoever reads last has it. What keeps it true is the protocol of EngineTxn
// (engine_store.cc). Internal to the store layer. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
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
  explicit NewestCache(std::size_t entries) : slots_per_part_((entries + kParts - 1) / kParts) {}

  /// Nothing: not known here.
  std::optional<Value> find(std::string_view key) const;

  /// Keeps the value, unless it is long or `still_newest()`, asked while no forget() of the key can
  /// come between, denies it.
  template <typename StillNewest>
  void keep(std::string_view key, const Value& value, StillNewest still_newest) {
    if (slots_per_part_ == 0 || (value && value->size() > kLongestValue)) return;
    const auto place = place_of(key);
    auto& part = parts_[place.part];
    const std::lock_guard lock(part.mutex);
    if (!still_newest()) return;
    if (part.slots.empty()) part.slots.resize(slots_per_part_);
    auto& slot = part.slots[place.slot];
    slot.key = key;
    slot.value = value;
  }

  /// True if it was known.
  bool forget(std::string_view key);

 private:
  static constexpr std::size_t kParts = 256;
  static constexpr std::size_t kLongestValue = 256;  // bytes; messages are read once

  struct Slot {
    std::string key;  // empty: free
    Value value;
  };

  struct alignas(64) Part {  // a cache line for each lock
    mutable std::mutex mutex;
    std::vector<Slot> slots;  // empty until the first is taken
  };

  struct Place {
    std::size_t part;
    std::size_t slot;
  };

  Place place_of(std::string_view key) const;

  const std::size_t slots_per_part_;
  std::array<Part, kParts> parts_;
};

}  // namespace confab
