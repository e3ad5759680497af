#include "server/duration.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "server/whole_number.h"

namespace confab {
namespace {

constexpr Seconds kDay = 24LL * 3600;
constexpr Seconds kMaxDays = 3650;
constexpr std::array<std::pair<char, Seconds>, 4> kUnits = {
    {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', kDay}}};

}  // namespace

Result<Seconds> parse_duration(std::string_view text, std::string_view where) {
  if (text == "0") return 0;
  for (const auto& [unit, seconds] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto number = whole_number<Seconds>(text.substr(0, text.size() - 1));
    if (number && *number >= 0 && *number <= kMaxDays * kDay / seconds) return *number * seconds;
  }
  return fail(ErrorCode::kInvalidField,
              fmt::format("{}: must be a whole number with s, m, h or d (like 12h or 7d), or 0; at "
                          "most {}d; is {}",
                          where, kMaxDays, text));
}

}  // namespace confab
