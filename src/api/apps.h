// The apps (SDKAppIDs) that this server serves. Immutable after construction: any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/shard.h"

namespace confab {

struct App {
  AppId id;
  /// Secret texts; a UserSig made with any of them is good, so that a key can be replaced.
  std::vector<std::string> keys;
  /// Who may call the REST API; they count as imported accounts (B12).
  std::vector<std::string> admins;

  bool is_admin(std::string_view account) const;
};

class Apps {
 public:
  /// REQUIRES: no two with the same id.
  explicit Apps(std::vector<App> apps);

  /// nullptr if there is none.
  const App* find(AppId id) const;

  /// Sorted by id.
  std::span<const App> all() const { return apps_; }

  /// The place of an app that find() gave in all().
  std::size_t index_of(const App& app) const {
    return static_cast<std::size_t>(&app - apps_.data());
  }

 private:
  std::vector<App> apps_;
};

}  // namespace confab
