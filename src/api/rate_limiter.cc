#include "api/rate_limiter.h"

namespace confab {

int RateProfile::limit_of(const Endpoint& row) const {
  const auto found = overrides.find(row.path);
  if (found != overrides.end()) return found->second;
  return documented ? row.notes.calls_per_second : 0;
}

RateLimiter::RateLimiter(const Clock& clock, std::vector<int> limits, std::size_t apps)
    : clock_(clock), limits_(std::move(limits)), windows_(limits_.size() * apps) {}

bool RateLimiter::admit(std::size_t app, std::size_t command) {
  const auto limit = static_cast<std::uint32_t>(limits_[command]);
  if (limit == 0) return true;
  auto& window = windows_[app * limits_.size() + command];
  const auto second = static_cast<std::uint32_t>(clock_.unix_seconds());
  auto seen = window.load(std::memory_order_relaxed);
  while (true) {
    const bool same_second = (seen >> 32U) == second;
    const auto calls = same_second ? static_cast<std::uint32_t>(seen) : 0;
    if (calls >= limit) return false;
    const auto counted = std::uint64_t{second} << 32U | (calls + 1);
    if (window.compare_exchange_weak(seen, counted, std::memory_order_relaxed)) return true;
  }
}

}  // namespace confab
