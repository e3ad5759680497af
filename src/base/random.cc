#include "base/random.h"

#include <sys/random.h>

#include "base/check.h"

namespace confab {

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  // Up to 256 bytes getrandom neither fails nor is cut short once the pool is seeded.
  CHECK(getrandom(&value, sizeof value, 0) == sizeof value, "getrandom failed");
  return value;
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
