// Refuses writes while too little is free on the volume, so that the log never fails for want of
// space. Internal to the store layer. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "base/result.h"

namespace confab {

class DiskReserve {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  /// `free_bytes` is asked at most once a second by the clock `now`.
  DiskReserve(std::uint64_t reserved_bytes, std::function<std::uint64_t()> free_bytes, Now now);

  /// kInternal with both numbers while less is free than reserved.
  Status check();

 private:
  using Ticks = std::chrono::steady_clock::rep;

  const std::uint64_t reserved_bytes_;
  const std::function<std::uint64_t()> free_bytes_;
  const Now now_;
  std::atomic<Ticks> next_question_;
  std::atomic<std::uint64_t> free_;  // the latest answer
};

}  // namespace confab
