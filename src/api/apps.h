// The apps (SDKAppIDs) that this server serves. Fixed after construction, but for their keys, which
// may be replaced at any time. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/app_key.h"
#include "store/shard.h"

namespace confab {

struct App {
  AppId id;
  /// A UserSig made with any of them is good, so that a key can be replaced. Empty in what Apps
  /// gives: see Apps::keys().
  std::vector<AppKey> keys;
  /// Who may call the REST API; they count as imported accounts (B12).
  std::vector<std::string> admins;

  bool is_admin(std::string_view account) const;
};

/// The keys of all apps at one time.
struct AppKeys {
  std::uint64_t generation = 0;             // rises with each replacement
  std::vector<std::vector<AppKey>> of_app;  // by Apps::index_of
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

  std::shared_ptr<const AppKeys> keys() const;

  /// That of keys(), for each request: what was found good with the keys of an older one counts for
  /// nothing.
  std::uint64_t key_generation() const { return generation_.load(std::memory_order_acquire); }

  /// Gives each app that is served the keys of the one in `apps` with its id; an app that is not
  /// there keeps its own.
  void replace_keys(std::vector<App> apps);

 private:
  std::vector<App> apps_;
  std::atomic<std::uint64_t> generation_ = 0;
  mutable std::mutex mutex_;
  std::shared_ptr<const AppKeys> keys_;  // guarded by mutex_
};

}  // namespace confab
