#include "base/clock.h"

#include <ctime>

#include <fmt/chrono.h>

namespace confab {

std::string utc_text(Seconds time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time)));
}

}  // namespace confab
