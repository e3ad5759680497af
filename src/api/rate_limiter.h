// Calls per second of each command and app, in fixed windows of one second of the clock. Immutable
// limits, atomic counts: thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.h"
#include "base/clock.h"

namespace confab {

struct RateProfile {
  /// The documented numbers; false: none, but for the overrides.
  bool documented = true;
  /// "service/command" to calls per second; 0: unlimited.
  std::map<std::string, int, std::less<>> overrides;

  /// Calls per second of a row; 0: unlimited.
  int limit_of(const Endpoint& row) const;
};

class RateLimiter {
 public:
  /// `limits`: calls per second for each command; 0: unlimited. The clock must outlive this.
  RateLimiter(const Clock& clock, std::vector<int> limits, std::size_t apps);

  /// Counts a call; false if it is beyond the limit of this second.
  bool admit(std::size_t app, std::size_t command);

  int limit(std::size_t command) const { return limits_[command]; }

 private:
  const Clock& clock_;
  std::vector<int> limits_;
  // The second (low 32 bits of Unix time) above, the calls in it below: one word, so that a new
  // second and its first call are one step.
  std::vector<std::atomic<std::uint64_t>> windows_;
};

}  // namespace confab
