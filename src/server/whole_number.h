// Numbers that operators write.
#pragma once

#include <charconv>
#include <concepts>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

namespace confab {

/// All of `text` as a decimal number; nothing if it is not one, or does not fit.
template <std::integral T>
std::optional<T> whole_number(std::string_view text) {
  T number = 0;
  const auto* const end = std::to_address(text.end());
  const auto parsed = std::from_chars(std::to_address(text.begin()), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace confab
