// The running server: store, dispatcher, listeners and background work, wired.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/apps.h"
#include "api/dispatcher.h"
#include "api/failure_log.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "console/console.h"
#include "domain/limits.h"
#include "net/server.h"
#include "server/reclaim_thread.h"
#include "server/settings.h"
#include "store/store.h"

namespace confab {

/// Of the REST API.
std::size_t rest_threads(const Settings& settings);

class Server {
 public:
  /// `store_files`: how many files the store may have open. Opens the store, imports the admins,
  /// listens. `on_fatal` is called at most once, from a thread of the store, when nothing can be
  /// acknowledged any more. kInternal, with a text for the operator: store, certificate, address or
  /// port cannot be used.
  /// `console_link`: the console can be signed in to once with console_link().
  static Result<std::unique_ptr<Server>> start(
      const Settings& settings,
      bool console_link,
      std::vector<App> apps,
      std::size_t store_files,
      std::function<void(const std::string& reason)> on_fatal);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Cuts what drain() left, then closes the store.
  ~Server();

  /// Not ready from now on; accepts nothing new, answers what was accepted. Returns when all is
  /// answered or at the deadline. Once.
  void drain(std::chrono::steady_clock::time_point deadline);

  /// HttpServer::reload_tls, with its errors.
  Status reload_certificate();
  /// Apps::replace_keys; takes effect with the next request.
  void replace_keys(std::vector<App> apps) { apps_.replace_keys(std::move(apps)); }

  Dispatcher& dispatcher() { return *dispatcher_; }
  const Apps& apps() const { return apps_; }

  /// "https://127.0.0.1:8443"
  std::string rest_url() const;
  std::string ops_url() const;
  /// Where to sign in to the console, once; empty if there is no link.
  std::string console_link() const;
  /// The file of the certificate that this server made for itself; empty if it uses none or
  /// another.
  const std::string& own_certificate() const { return own_certificate_; }

 private:
  Server(const Settings& settings, std::vector<App> apps);

  Status open_store(std::size_t store_files,
                    std::function<void(const std::string& reason)> on_fatal);
  void meter_store();
  Status import_all_admins();
  Result<TlsFiles> tls_files();
  Status listen(bool console_link);
  void make_console(bool with_link);
  /// Empty: ready.
  std::string why_not_ready();

  const Settings settings_;
  Apps apps_;
  const ChatLimits limits_;
  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
  FailureLog failures_;
  std::string own_certificate_;
  std::uint16_t rest_port_ = 0;
  std::uint16_t ops_port_ = 0;
  std::atomic<bool> draining_ = false;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<Console> console_;
  std::unique_ptr<HttpServer> rest_;
  std::unique_ptr<HttpServer> ops_;
  std::unique_ptr<ReclaimThread> reclaim_;
};

}  // namespace confab
