#include "server/server.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "api/registry.h"
#include "base/log.h"
#include "base/private_path.h"
#include "domain/accounts.h"
#include "domain/merge_rules.h"
#include "net/tls.h"
#include "server/descriptors.h"
#include "server/files.h"
#include "server/ops.h"
#include "server/reload.h"
#include "store/memory_store.h"
#include "store/rocks_store.h"

namespace confab {
namespace {

constexpr Seconds kSecondsPerDay = 24LL * 3600;
constexpr unsigned kBytesPerMbShift = 20;

ChatLimits limits_of(const Settings& settings) {
  ChatLimits limits;
  limits.roaming_period = settings.conversation_roaming_days * kSecondsPerDay;
  limits.list_cap = static_cast<std::size_t>(settings.conversation_list_cap);
  return limits;
}

RateProfile rate_profile_of(const Settings& settings) {
  RateProfile profile{.documented = settings.rate_profile == "documented", .overrides = {}};
  for (const auto& [command, limit] : settings.rate_commands)
    profile.overrides[command] = static_cast<int>(limit);
  return profile;
}

std::string url_of(bool is_tls, const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.contains(':');
  return fmt::format("{}://{}{}{}:{}", is_tls ? "https" : "http", is_v6 ? "[" : "", address,
                     is_v6 ? "]" : "", port);
}

HttpServerOptions rest_options(const Settings& settings) {
  HttpServerOptions options{.name = "rest",
                            .address = settings.rest_address,
                            .port = static_cast<std::uint16_t>(settings.rest_port)};
  options.threads = static_cast<int>(rest_threads(settings));
  options.max_connections = static_cast<std::size_t>(settings.rest_max_connections);
  options.max_header_bytes = static_cast<std::size_t>(settings.rest_max_header_bytes);
  options.max_body_bytes = static_cast<std::size_t>(settings.rest_max_body_bytes);
  options.max_unfinished_bytes = static_cast<std::size_t>(settings.rest_max_unfinished_mb)
                                 << kBytesPerMbShift;
  options.max_pipelined = static_cast<std::size_t>(settings.rest_max_pipelined);
  options.header_timeout = std::chrono::seconds(settings.rest_header_timeout_s);
  options.body_timeout = std::chrono::seconds(settings.rest_body_timeout_s);
  options.idle_timeout = std::chrono::seconds(settings.rest_idle_timeout_s);
  options.write_timeout = std::chrono::seconds(settings.rest_write_timeout_s);
  return options;
}

std::optional<ErrorCode> refusal_of(HttpRequest::Fault fault) {
  if (fault == HttpRequest::Fault::kNone) return std::nullopt;
  if (fault == HttpRequest::Fault::kOverloaded) return ErrorCode::kOverloaded;
  return ErrorCode::kBadHttpRequest;
}

HttpHandler rest_handler(Dispatcher& dispatcher) {
  return [&dispatcher](const HttpRequest& request, Respond respond) {
    const RestRequest rest{.method = request.method,
                           .target = request.target,
                           .body = request.body,
                           .refused = refusal_of(request.fault)};
    dispatcher.handle(rest, [respond = std::move(respond)](RestReply reply) mutable {
      HttpResponse response;
      response.body = std::move(reply.body);
      response.headers.emplace_back("X-Request-Id", std::move(reply.request_id));
      respond(std::move(response));
    });
  };
}

}  // namespace

std::size_t rest_threads(const Settings& settings) {
  if (settings.rest_threads > 0) return static_cast<std::size_t>(settings.rest_threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

Server::Server(const Settings& settings, std::vector<App> apps)
    : settings_(settings), apps_(std::move(apps)), limits_(limits_of(settings)) {}

Server::~Server() {
  reclaim_.reset();
  rest_.reset();
  ops_.reset();
  // Closing the store completes what still waits for it, through the dispatcher.
  store_.reset();
}

Result<std::unique_ptr<Server>> Server::start(
    const Settings& settings,
    bool console_link,
    std::vector<App> apps,
    std::size_t store_files,
    std::function<void(const std::string& reason)> on_fatal) {
  auto server = std::unique_ptr<Server>(new Server(settings, std::move(apps)));
  TRY_STATUS(ensure_private_directory(settings.data_dir));
  TRY_STATUS(server->open_store(store_files, std::move(on_fatal)));
  server->meter_store();
  TRY_STATUS(server->import_all_admins());
  server->dispatcher_ = std::make_unique<Dispatcher>(
      DispatcherOptions{.tables = rest_tables(),
                        .store = *server->store_,
                        .clock = server->clock_,
                        .random = server->random_,
                        .apps = server->apps_,
                        .limits = server->limits_,
                        .metrics = server->metrics_,
                        .rates = rate_profile_of(settings),
                        .durability_timeout =
                            std::chrono::milliseconds(settings.durability_timeout_ms),
                        .max_message_bytes = static_cast<std::size_t>(settings.max_message_bytes),
                        .failures = &server->failures_});
  TRY_STATUS(server->listen(console_link));
  server->reclaim_ = std::make_unique<ReclaimThread>(
      ReclaimOptions{.store = *server->store_,
                     .clock = server->clock_,
                     .random = server->random_,
                     .limits = server->limits_,
                     .metrics = server->metrics_,
                     .entries_per_second =
                         static_cast<std::size_t>(settings.reclaim_entries_per_second),
                     .interval = std::chrono::seconds(settings.reclaim_interval_s)});
  return server;
}

Status Server::open_store(std::size_t store_files,
                          std::function<void(const std::string& reason)> on_fatal) {
  if (settings_.store == "memory") {
    store_ = MemoryStore::create({.merge_rules = domain_merge_rules(), .metrics = &metrics_});
    return {};
  }
  RocksStoreOptions options;
  options.path = settings_.data_dir + "/store";
  TRY_STATUS(ensure_private_directory(options.path));
  TRY_STATUS(check_private(options.path, "all messages"));
  options.merge_rules = domain_merge_rules();
  options.disk_reserve_bytes = static_cast<std::uint64_t>(settings_.disk_reserve_mb)
                               << kBytesPerMbShift;
  options.max_files = store_files;
  options.on_fatal = std::move(on_fatal);
  options.metrics = &metrics_;
  TRY(store_, open_rocks_store(std::move(options)));
  return {};
}

void Server::meter_store() {
  // Rendered only while the store is open: the listener that asks for it ends first.
  const auto meter = [this](const char* kind, std::uint64_t StoreBytes::* part) {
    metrics_.gauge_from(
        "confab_store_bytes",
        "Estimated bytes in the store: live entries, dead ones still on disk, and what background "
        "compaction has yet to rewrite.",
        [this, part] { return static_cast<double>(store_->bytes().*part); }, {{"kind", kind}});
  };
  meter("live", &StoreBytes::live);
  meter("dead", &StoreBytes::dead);
  meter("pending", &StoreBytes::pending);
}

Status Server::import_all_admins() {
  for (const auto& app : apps_.all()) {
    Context context{
        .store = *store_, .clock = clock_, .random = random_, .limits = limits_, .app = app.id};
    TRY(const auto known,
        read(context, [&](Txn& txn) { return load_accounts(txn, app.id, app.admins); }));
    // A restart writes nothing, so that it succeeds when the disk is full.
    if (!std::ranges::all_of(known, is_imported)) TRY_STATUS(import_admins(context, app.admins));
  }
  return {};
}

Result<TlsFiles> Server::tls_files() {
  if (!settings_.rest_certificate.empty()) {
    return TlsFiles{.certificate_path = settings_.rest_certificate, .key_path = settings_.rest_key};
  }
  own_certificate_ = std::filesystem::absolute(settings_.data_dir + "/certificate.pem").string();
  TlsFiles files{.certificate_path = own_certificate_,
                 .key_path = settings_.data_dir + "/certificate.key"};
  TRY_STATUS(ensure_self_signed_certificate(files.certificate_path, files.key_path, clock_.now()));
  return files;
}

Status Server::listen(bool console_link) {
  auto options = rest_options(settings_);
  options.metrics = &metrics_;
  std::optional<TlsFiles> certificate;
  if (settings_.rest_tls || settings_.ops_tls) {
    TRY(certificate, tls_files());
  }
  if (settings_.rest_tls) options.tls = certificate;
  rest_ = std::make_unique<HttpServer>(std::move(options), rest_handler(*dispatcher_));
  TRY(rest_port_, rest_->start());

  make_console(console_link);
  HttpServerOptions ops_options{.name = "ops",
                                .address = settings_.ops_address,
                                .port = static_cast<std::uint16_t>(settings_.ops_port),
                                .max_connections = kMaxOpsConnections};
  ops_options.metrics = &metrics_;
  ops_options.keep_headers = true;
  if (settings_.ops_tls) ops_options.tls = certificate;
  ops_ = std::make_unique<HttpServer>(
      std::move(ops_options),
      ops_handler(metrics_, [this] { return why_not_ready(); }, console_.get()));
  TRY(ops_port_, ops_->start());
  return {};
}

void Server::make_console(bool with_link) {
  const bool loopback = is_loopback(settings_.ops_address);
  if (!loopback && !settings_.ops_tls) return;
  console_ = std::make_unique<Console>(ConsoleOptions{
      .dispatcher = *dispatcher_,
      .store = *store_,
      .apps = apps_,
      .clock = clock_,
      .random = random_,
      .limits = limits_,
      .failures = failures_,
      .store_name = settings_.store,
      .rest_url = rest_url(),
      .certificate = settings_.rest_tls ? own_certificate_ : std::string(),
      .rotate_key =
          [this](AppId app, Seconds overlap) {
            return rotate_served_key(*this, settings_.data_dir, confab_environment(), app, overlap);
          },
      .durability_timeout = std::chrono::milliseconds(settings_.durability_timeout_ms),
      .token = settings_.console_token,
      .one_time_link = with_link,
      .is_loopback = loopback,
      .is_tls = settings_.ops_tls});
}

Status Server::reload_certificate() {
  for (auto* const server : {rest_.get(), ops_.get()})
    TRY_STATUS(server->reload_tls());
  return {};
}

std::string Server::why_not_ready() {
  if (draining_) return "draining";
  // No app has the id 0: the lock is nobody's, and nothing is written.
  const auto probe = store_->write(user_shard(AppId{0}, "readyz"), {});
  return probe ? std::string{} : probe.error().detail;
}

void Server::drain(std::chrono::steady_clock::time_point deadline) {
  draining_ = true;
  if (!rest_->drain(deadline)) log_event(LogLevel::kWarning, "drain_cut");
}

std::string Server::rest_url() const {
  return url_of(settings_.rest_tls, settings_.rest_address, rest_port_);
}

std::string Server::ops_url() const {
  return url_of(settings_.ops_tls, settings_.ops_address, ops_port_);
}

std::string Server::console_link() const {
  const auto link = console_ == nullptr ? std::string() : console_->link();
  return link.empty() ? link : ops_url() + link;
}

}  // namespace confab
