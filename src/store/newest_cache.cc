#include "store/newest_cache.h"

#include <functional>

namespace confab {

NewestCache::Place NewestCache::place_of(std::string_view key) const {
  const auto hash = std::hash<std::string_view>{}(key);
  return {hash % kParts, hash / kParts % slots_per_part_};
}

std::optional<NewestCache::Value> NewestCache::find(std::string_view key) const {
  if (slots_per_part_ == 0) return std::nullopt;
  const auto place = place_of(key);
  const auto& part = parts_[place.part];
  const std::lock_guard lock(part.mutex);
  if (part.slots.empty() || part.slots[place.slot].key != key) return std::nullopt;
  return part.slots[place.slot].value;
}

bool NewestCache::forget(std::string_view key) {
  if (slots_per_part_ == 0) return false;
  const auto place = place_of(key);
  auto& part = parts_[place.part];
  const std::lock_guard lock(part.mutex);
  if (part.slots.empty() || part.slots[place.slot].key != key) return false;
  part.slots[place.slot] = {};
  return true;
}

}  // namespace confab
