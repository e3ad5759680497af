#include "tests/support/world.h"

#include <array>
#include <future>
#include <utility>

#include "api/registry.h"
#include "api/user_sig.h"
#include "domain/accounts.h"
#include "domain/merge_rules.h"
#include "domain/reclaim.h"
#include "store/rocks_store.h"

namespace confab::testing {
namespace {

constexpr char kKey[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
constexpr Seconds kSignatureLife = Seconds{180} * 24 * 3600;

std::vector<App> two_apps() {
  return {{World::kApp, {AppKey{kKey}}, {"admin", "administrator"}},
          {World::kOtherApp, {AppKey{kKey}}, {"admin"}}};
}

void on_fatal(const std::string&) {}

}  // namespace

std::string_view engine_name(Engine engine) {
  constexpr std::array<std::string_view, 3> kNames{"memory", "adverse", "rocks"};
  return kNames.at(static_cast<std::size_t>(engine));
}

World::World(WorldOptions options)
    : random(options.seed),
      limits(options.limits),
      options_(std::move(options)),
      apps_(two_apps()) {
  open_store();
  start();
  for (const auto& app : apps_.all()) {
    auto importing = context(app.id);
    EXPECT_TRUE(import_admins(importing, app.admins));
  }
}

World::~World() = default;

void World::open_store() {
  if (options_.open) {
    store_ = options_.open();
  } else if (options_.engine == Engine::kRocks) {
    auto opened = open_rocks_store({.path = (directory_.path() / "store").string(),
                                    .merge_rules = domain_merge_rules(),
                                    .on_fatal = on_fatal,
                                    .failpoints = &failpoints});
    if (!opened) {
      ADD_FAILURE() << opened.error().detail;
      std::abort();
    }
    store_ = *std::move(opened);
  } else if (store_ == nullptr) {
    const bool adverse = options_.engine == Engine::kAdverseMemory;
    store_ = MemoryStore::create({.merge_rules = domain_merge_rules(),
                                  .failpoints = &failpoints,
                                  .adverse_merges_seed = adverse ? options_.seed | 1U : 0});
  }
}

void World::start() {
  dispatcher_ = std::make_unique<Dispatcher>(
      DispatcherOptions{.tables = rest_tables(),
                        .store = *store_,
                        .clock = clock,
                        .random = random,
                        .apps = apps_,
                        .limits = limits,
                        .metrics = metrics,
                        .rates = options_.rates,
                        .durability_timeout = options_.durability_timeout,
                        .failures = &failures});
}

void World::shut_down() {
  dispatcher_.reset();
  if (options_.engine == Engine::kRocks || options_.open) store_.reset();
}

void World::restart() {
  shut_down();
  open_store();
  start();
}

std::string World::target(AppId app, std::string_view caller, std::string_view command) const {
  std::string out = "/v4/";
  out += command;
  out += "?sdkappid=" + std::to_string(static_cast<std::uint32_t>(app));
  out += "&identifier=";
  out += caller;
  out += "&usersig=" + make_user_sig(kKey, app, caller, clock.unix_seconds(), kSignatureLife);
  out += "&random=99999999&contenttype=json";
  return out;
}

void World::send(std::string_view command,
                 std::string_view body,
                 std::move_only_function<void(std::string)> done) {
  const auto where = target(kApp, "admin", command);
  dispatcher_->handle({.method = "POST", .target = where, .body = body},
                      [done = std::move(done)](RestReply reply) mutable {
                        done(std::move(reply.body));
                      });
}

std::string World::raw(std::string_view method, std::string_view target, std::string_view body) {
  std::promise<std::string> answer;
  auto future = answer.get_future();
  dispatcher_->handle({.method = method, .target = target, .body = body},
                      [&](RestReply reply) { answer.set_value(std::move(reply.body)); });
  return future.get();
}

std::string World::call(AppId app,
                        std::string_view caller,
                        std::string_view command,
                        std::string_view body) {
  return raw("POST", target(app, caller, command), body);
}

std::size_t World::reclaim(std::size_t budget) {
  auto reclaiming = context();
  ReclaimCursor cursor;
  std::size_t erased = 0;
  while (true) {
    const auto step = reclaim_step(reclaiming, cursor, budget);
    if (!step) {
      ADD_FAILURE() << step.error().detail;
      return erased;
    }
    erased += step->messages;
    if (step->sweep_done) return erased;
  }
}

std::uint64_t World::bytes_on_disk() const {
  namespace fs = std::filesystem;
  std::uint64_t sum = 0;
  std::error_code gone;  // a file may go while we look
  for (fs::directory_iterator at(directory_.path() / "store", gone), end; !gone && at != end;
       at.increment(gone)) {
    std::error_code ignored;
    const auto size = at->file_size(ignored);
    if (!ignored) sum += size;
  }
  return sum;
}

void World::settle() {
  if (auto* memory = dynamic_cast<MemoryStore*>(store_.get())) memory->flush_merges();
}

Context World::context(AppId app) {
  return {.store = *store_, .clock = clock, .random = random, .limits = limits, .app = app};
}

}  // namespace confab::testing
