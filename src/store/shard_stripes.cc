#include "store/shard_stripes.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace confab {
namespace {

// Odd and without pattern: neighbouring apps and kinds must not make neighbouring stripes.
constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15U;

}  // namespace

ShardStripes::Index ShardStripes::index_of(const Shard& shard) {
  std::uint64_t hash = std::hash<std::string_view>{}(shard.owner);
  hash = (hash ^ static_cast<std::uint32_t>(shard.app)) * kMix;
  hash = (hash ^ static_cast<std::uint8_t>(shard.kind)) * kMix;
  return static_cast<Index>((hash >> 32U) % kCount);
}

std::optional<Ticket> ShardStripes::last_write(const Shard& shard) const {
  const Ticket ticket = stripes_[index_of(shard)].last_write;
  if (ticket == kInFlight) return std::nullopt;
  return ticket;
}

ShardLock::ShardLock(ShardStripes& stripes, const Shard& home, std::span<const Shard> others)
    : stripes_(stripes) {
  held_.push_back({ShardStripes::index_of(home)});
  for (const auto& shard : others)
    held_.push_back({ShardStripes::index_of(shard)});
  std::ranges::sort(held_, {}, &Held::index);
  const auto repeated = std::ranges::unique(held_, {}, &Held::index);
  held_.erase(repeated.begin(), repeated.end());
  for (const auto& held : held_)
    stripes_.stripes_[held.index].mutex.lock();
}

ShardLock::~ShardLock() {
  for (const auto& held : held_)
    stripes_.stripes_[held.index].mutex.unlock();
}

void ShardLock::begin_write() {
  for (auto& held : held_)
    held.before = stripes_.stripes_[held.index].last_write.exchange(ShardStripes::kInFlight);
}

void ShardLock::end_write(Ticket ticket) {
  for (const auto& held : held_)
    stripes_.stripes_[held.index].last_write = ticket;
}

void ShardLock::cancel_write() {
  for (const auto& held : held_)
    stripes_.stripes_[held.index].last_write = held.before;
}

}  // namespace confab
