// Randomness as an object that tests own. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace confab {

class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;

  /// Uniform over all 64-bit values.
  virtual std::uint64_t next() = 0;
};

/// The kernel's generator; fit for keys.
class SystemRandom final : public Random {
 public:
  std::uint64_t next() override;
};

/// Repeats itself for a given seed.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() override {
    const std::lock_guard lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

/// `bytes` random bytes as lower-case hex digits.
std::string random_hex(Random& random, int bytes);

}  // namespace confab
