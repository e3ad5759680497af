#include "api/apps.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace confab {

bool App::is_admin(std::string_view account) const {
  return std::ranges::find(admins, account) != admins.end();
}

Apps::Apps(std::vector<App> apps) : apps_(std::move(apps)) {
  std::ranges::sort(apps_, {}, &App::id);
  CHECK(std::ranges::adjacent_find(apps_, {}, &App::id) == apps_.end(), "two apps with one id");
  AppKeys first;
  for (auto& app : apps_)
    first.of_app.push_back(std::exchange(app.keys, {}));
  keys_ = std::make_shared<const AppKeys>(std::move(first));
}

const App* Apps::find(AppId id) const {
  const auto found = std::ranges::lower_bound(apps_, id, {}, &App::id);
  return found != apps_.end() && found->id == id ? &*found : nullptr;
}

std::shared_ptr<const AppKeys> Apps::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

void Apps::replace_keys(std::vector<App> apps) {
  const std::lock_guard lock(mutex_);
  auto next = *keys_;
  ++next.generation;
  for (auto& app : apps) {
    if (const auto* served = find(app.id)) next.of_app[index_of(*served)] = std::move(app.keys);
  }
  keys_ = std::make_shared<const AppKeys>(std::move(next));
  generation_.store(keys_->generation, std::memory_order_release);
}

}  // namespace confab
