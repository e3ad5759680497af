#include "api/apps.h"

#include <algorithm>

#include "base/check.h"

namespace confab {

bool App::is_admin(std::string_view account) const {
  return std::ranges::find(admins, account) != admins.end();
}

Apps::Apps(std::vector<App> apps) : apps_(std::move(apps)) {
  std::ranges::sort(apps_, {}, &App::id);
  CHECK(std::ranges::adjacent_find(apps_, {}, &App::id) == apps_.end(), "two apps with one id");
}

const App* Apps::find(AppId id) const {
  const auto found = std::ranges::lower_bound(apps_, id, {}, &App::id);
  return found != apps_.end() && found->id == id ? &*found : nullptr;
}

}  // namespace confab
