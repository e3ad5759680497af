// Places where tests make the world fail. An object, not a global: production passes one that
// nobody arms. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace confab {

class Failpoints {
 public:
  static constexpr int kAlways = -1;

  /// The next `times` passages of `name` fail (kAlways: all of them; 0: disarm).
  void arm(std::string_view name, int times = kAlways);

  /// True if this passage must fail. One atomic load when nothing is armed.
  bool fires(std::string_view name) {
    return armed_.load(std::memory_order_relaxed) && fires_armed(name);
  }

 private:
  bool fires_armed(std::string_view name);

  std::atomic<bool> armed_ = false;
  std::mutex mutex_;
  std::map<std::string, int, std::less<>> left_;
};

}  // namespace confab
