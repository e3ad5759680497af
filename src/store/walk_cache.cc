#include "store/walk_cache.h"

#include <functional>
#include <utility>

namespace confab {

void Walk::add(std::string_view key, std::string_view value) {
  if (is_too_long_) return;
  if (bytes_.size() + key.size() + value.size() > kMostBytes) {
    *this = {};
    is_too_long_ = true;
    return;
  }
  bytes_ += key;
  bytes_ += value;
  sizes_.push_back({static_cast<std::uint32_t>(key.size()),  //
                    static_cast<std::uint32_t>(value.size())});
}

void Walk::replay(const Visitor& visitor) const {
  std::string_view rest = bytes_;
  for (const auto& size : sizes_) {
    const auto key = rest.substr(0, size.key);
    const auto value = rest.substr(size.key, size.value);
    if (!visitor(key, value)) return;
    rest.remove_prefix(std::size_t{size.key} + size.value);
  }
}

std::shared_ptr<const Walk> WalkCache::find(std::string_view prefix, Ticket last_write) {
  if (slots_.empty()) return nullptr;
  const auto place = place_of(prefix);
  const std::lock_guard lock(locks_[place % kLocks]);
  const auto& slot = slots_[place];
  if (slot.last_write != last_write || slot.prefix != prefix) return nullptr;
  return slot.walk;
}

void WalkCache::keep(std::string_view prefix, Ticket last_write, Walk walk) {
  if (slots_.empty() || walk.is_too_long()) return;
  auto kept = std::make_shared<const Walk>(std::move(walk));
  const auto place = place_of(prefix);
  const std::lock_guard lock(locks_[place % kLocks]);
  auto& slot = slots_[place];
  slot.prefix = prefix;
  slot.last_write = last_write;
  slot.walk.swap(kept);
}

std::size_t WalkCache::place_of(std::string_view prefix) const {
  return std::hash<std::string_view>{}(prefix) % slots_.size();
}

}  // namespace confab
