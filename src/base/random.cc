#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <utility>

#include "base/check.h"

namespace confab {

std::uint64_t SystemRandom::next() {
  // A system call for many numbers. Up to 256 bytes getrandom neither fails nor is cut short once
  // the pool is seeded.
  thread_local std::array<std::uint64_t, 32> numbers;
  thread_local std::size_t left = 0;
  if (left == 0) {
    CHECK(getrandom(numbers.data(), sizeof numbers, 0) == sizeof numbers, "getrandom failed");
    left = numbers.size();
  }
  return std::exchange(numbers.at(--left), 0);  // a number may become part of a key
}

std::string random_hex(Random& random, int bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    const auto byte = static_cast<unsigned>(random.next() & 0xff);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xfU];
  }
  return out;
}

}  // namespace confab
