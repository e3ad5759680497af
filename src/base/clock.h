// Time as an object that tests own. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace confab {

/// Unix time in whole seconds; what the API calls MsgTime, TimeStamp and so on.
using Seconds = std::int64_t;

/// 2026-01-31T12:00:00Z
std::string utc_text(Seconds time);

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Wall clock. May step backwards, as a real one does.
  virtual std::chrono::system_clock::time_point now() const = 0;

  Seconds unix_seconds() const {
    return std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count();
  }
};

class SystemClock final : public Clock {
 public:
  std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::now();
  }
};

/// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Seconds start) : seconds_(start) {}

  std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::time_point{std::chrono::seconds{seconds_.load()}};
  }

  void set(Seconds now) { seconds_ = now; }
  void advance(Seconds by) { seconds_ += by; }

 private:
  std::atomic<Seconds> seconds_;
};

}  // namespace confab
