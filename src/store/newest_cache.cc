#include "store/newest_cache.h"

#include <algorithm>
#include <functional>

namespace confab {

bool NewestCache::Slot::holds(std::uint32_t key_hash, std::string_view key) const {
  return bytes != nullptr && hash == key_hash && std::string_view(bytes.get(), key_size) == key;
}

NewestCache::Value NewestCache::Slot::value() const {
  if (value_size == kNoValue) return std::nullopt;
  return std::string(bytes.get() + key_size, value_size);
}

const NewestCache::Slot* NewestCache::Bucket::find(std::uint32_t hash, std::string_view key) const {
  const auto* const found =
      std::ranges::find_if(slots, [&](const Slot& slot) { return slot.holds(hash, key); });
  return found == slots.end() ? nullptr : found;
}

NewestCache::Place NewestCache::place_of(std::string_view key) const {
  const auto hash = std::hash<std::string_view>{}(key);
  return {hash % kParts, hash / kParts % buckets_per_part_,
          static_cast<std::uint32_t>(hash >> 32U)};
}

std::optional<NewestCache::Value> NewestCache::find(std::string_view key) const {
  if (buckets_per_part_ == 0) return std::nullopt;
  const auto place = place_of(key);
  const auto& part = parts_[place.part];
  const std::lock_guard lock(part.mutex);
  if (part.buckets.empty()) return std::nullopt;
  const auto* const slot = part.buckets[place.bucket].find(place.hash, key);
  if (slot == nullptr) return std::nullopt;
  return slot->value();
}

void NewestCache::put(Part& part,
                      const Place& place,
                      std::string_view key,
                      const Value& value) const {
  if (part.buckets.empty()) part.buckets.resize(buckets_per_part_);
  auto& slots = part.buckets[place.bucket].slots;
  auto slot = std::ranges::find_if(slots, [&](const Slot& s) {
    return s.bytes == nullptr || s.holds(place.hash, key);
  });
  if (slot == slots.end()) --slot;
  const std::string_view bytes = value ? std::string_view(*value) : std::string_view();
  Slot kept{.hash = place.hash,
            .key_size = static_cast<std::uint16_t>(key.size()),
            .value_size = value ? static_cast<std::uint16_t>(bytes.size()) : kNoValue,
            .bytes = std::make_unique_for_overwrite<char[]>(key.size() + bytes.size())};
  std::ranges::copy(bytes, std::ranges::copy(key, kept.bytes.get()).out);
  *slot = std::move(kept);
  std::rotate(slots.begin(), slot, slot + 1);
}

bool NewestCache::forget(std::string_view key) {
  if (buckets_per_part_ == 0) return false;
  const auto place = place_of(key);
  auto& part = parts_[place.part];
  const std::lock_guard lock(part.mutex);
  if (part.buckets.empty()) return false;
  auto& slots = part.buckets[place.bucket].slots;
  const auto slot =
      std::ranges::find_if(slots, [&](const Slot& s) { return s.holds(place.hash, key); });
  if (slot == slots.end()) return false;
  *slot = {};
  return true;
}

}  // namespace confab
