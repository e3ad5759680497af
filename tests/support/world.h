// A whole server without sockets, on a clock, randomness and a disk that the test owns.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/apps.h"
#include "api/dispatcher.h"
#include "base/clock.h"
#include "base/failpoints.h"
#include "base/metrics.h"
#include "base/random.h"
#include "domain/limits.h"
#include "store/memory_store.h"
#include "tests/support/temporary_directory.h"

namespace confab::testing {

enum class Engine { kMemory, kAdverseMemory, kRocks };

std::string_view engine_name(Engine engine);

struct WorldOptions {
  Engine engine = Engine::kMemory;
  std::uint64_t seed = 1;
  ChatLimits limits;
  RateProfile rates;
  std::chrono::milliseconds durability_timeout{200};
  /// Opens a store of the test's own instead, at the start and at each restart.
  std::function<std::unique_ptr<Store>()> open = nullptr;
};

/// Two apps, 88888888 and 99999999, each with the admin `admin`, imported. One thread, but for
/// call() and raw(), while nobody touches the clock.
class World {
 public:
  static constexpr AppId kApp{88888888};
  static constexpr AppId kOtherApp{99999999};
  static constexpr Seconds kStart = 1'700'000'000;

  explicit World(WorldOptions options);
  ~World();

  /// Sends a request as `caller` of `app` and gives the answer's body.
  std::string call(AppId app,
                   std::string_view caller,
                   std::string_view command,
                   std::string_view body);
  std::string call(std::string_view command, std::string_view body) {
    return call(kApp, "admin", command, body);
  }

  /// Like call, without waiting for the answer's body.
  void send(std::string_view command,
            std::string_view body,
            std::move_only_function<void(std::string)> done);

  /// A request with a target and method of the test's own.
  std::string raw(std::string_view method, std::string_view target, std::string_view body);

  /// `/v4/…?…` for a command, signed.
  std::string target(AppId app, std::string_view caller, std::string_view command) const;

  /// Closes the store. REQUIRES: restart() is the next call.
  void shut_down();

  /// Closes and opens the store. On a store in memory it only makes a new dispatcher.
  void restart();

  /// One whole sweep in steps of `budget`; gives the number of erased messages.
  std::size_t reclaim(std::size_t budget = 100);

  /// Applies held-back merges, where the engine holds any back.
  void settle();

  Context context(AppId app = kApp);

  ManualClock clock{kStart};
  SeededRandom random;
  Failpoints failpoints;
  FailureLog failures;
  Metrics metrics;
  ChatLimits limits;

  Store& store() { return *store_; }
  Dispatcher& dispatcher() { return *dispatcher_; }
  Apps& apps() { return apps_; }
  /// Of all files of the store on disk; 0 for a store in memory.
  std::uint64_t bytes_on_disk() const;

 private:
  void open_store();
  void start();

  WorldOptions options_;
  TemporaryDirectory directory_;
  Apps apps_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace confab::testing
