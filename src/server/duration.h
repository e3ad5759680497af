// Spans of time that operators write.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace confab {

/// "90s", "30m", "12h", "7d", or "0"; at most 3650 days. kInvalidField: the sentence begins with
/// `where` and names limit and actual value.
Result<Seconds> parse_duration(std::string_view text, std::string_view where);

}  // namespace confab
