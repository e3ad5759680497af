#include "store/disk_reserve.h"

#include <utility>

#include <fmt/format.h>

namespace confab {
namespace {

constexpr auto kInterval = std::chrono::seconds(1);

}  // namespace

DiskReserve::DiskReserve(std::uint64_t reserved_bytes,
                         std::function<std::uint64_t()> free_bytes,
                         Now now)
    : reserved_bytes_(reserved_bytes),
      free_bytes_(std::move(free_bytes)),
      now_(std::move(now)),
      next_question_((now_() + kInterval).time_since_epoch().count()),
      free_(free_bytes_()) {}

Status DiskReserve::check() {
  const auto now = now_();
  auto due = next_question_.load();
  // Whoever moves the time on asks; the others go by the latest answer meanwhile.
  if (now.time_since_epoch().count() >= due &&
      next_question_.compare_exchange_strong(due, (now + kInterval).time_since_epoch().count())) {
    free_ = free_bytes_();
  }
  const std::uint64_t free = free_;
  if (free >= reserved_bytes_) return {};
  return fail(ErrorCode::kInternal, fmt::format("disk reserve reached: {} bytes free, {} reserved",
                                                free, reserved_bytes_));
}

}  // namespace confab
