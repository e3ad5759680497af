#include "store/rocks_format.h"

#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/keyspaces.h"

namespace confab {
namespace {

std::unexpected<Error> refuse(std::string reason) {
  return fail(ErrorCode::kInternal, std::move(reason));
}

}  // namespace

Status check_stored_format(const std::string& path, const std::string& stored) {
  std::uint32_t number = 0;
  const auto* const end = stored.data() + stored.size();
  const auto [parsed_end, reason] = std::from_chars(stored.data(), end, number);
  if (reason != std::errc() || parsed_end != end) {
    return refuse(fmt::format("data directory {} has an unreadable format number", path));
  }
  if (number < kFormatNumber) {
    return refuse(
        fmt::format("data directory {} is in format {}, older than format {} of this "
                    "program: confab serve converts it when it starts",
                    path, number, kFormatNumber));
  }
  if (number > kFormatNumber) {
    return refuse(
        fmt::format("data directory {} is in format {}, newer than format {} of this "
                    "program: use a newer release",
                    path, number, kFormatNumber));
  }
  return {};
}

}  // namespace confab
