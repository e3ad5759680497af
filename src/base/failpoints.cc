#include "base/failpoints.h"

namespace confab {

void Failpoints::arm(std::string_view name, int times) {
  const std::lock_guard lock(mutex_);
  left_[std::string(name)] = times;
  armed_ = true;
}

bool Failpoints::fires_armed(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = left_.find(name);
  if (found == left_.end() || found->second == 0) return false;
  if (found->second > 0) --found->second;
  return true;
}

}  // namespace confab
