#include "tests/store/store_harness.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "store/memory_store.h"

namespace confab {

std::string engine_name(EngineKind kind) {
  return kind == EngineKind::kMemory ? "Memory" : "Rocks";
}

std::vector<MergeRule> test_merge_rules() {
  return {{kViews.prefix, [](std::optional<std::string_view> value, std::string_view operand) {
             return std::string(std::max(value.value_or(""), operand));
           }}};
}

StoreHarness::StoreHarness(EngineKind kind, std::size_t max_waiters) {
  const auto on_fatal = [this](const std::string& reason) {
    fatal.set_value(reason);
  };
  if (kind == EngineKind::kMemory) {
    store_ = MemoryStore::create({.merge_rules = test_merge_rules(),
                                  .max_waiters = max_waiters,
                                  .on_fatal = on_fatal,
                                  .failpoints = &failpoints,
                                  .metrics = &metrics});
    return;
  }
  auto options = test_rocks_options((directory_.emplace().path() / "db").string());
  options.max_waiters = max_waiters;
  options.on_fatal = on_fatal;
  options.failpoints = &failpoints;
  options.metrics = &metrics;
  auto opened = open_rocks_store(std::move(options));
  CHECK(opened.has_value(), opened.error().detail);
  store_ = *std::move(opened);
}

RocksStoreOptions test_rocks_options(std::string path) {
  return {.path = std::move(path),
          .merge_rules = test_merge_rules(),
          .cached_entries =
              1,  // in four slots for each 64th of the keys, so that they take them from each other
          .cached_walks = 2,  // likewise
          .on_fatal = [](const std::string& reason) {
            CHECK(false, reason);
          }};
}

Key view_key(const Shard& user, std::string id) {
  return kViews.key(user, {.kind = 1, .id = std::move(id)});
}

Key message_key(const Shard& timeline, std::uint32_t time) {
  return kMessages.key(timeline, {.time = time, .seq = 0, .random = 0, .sender = 0});
}

Ticket put(Store& store, const Key& key, std::string value) {
  const auto txn = store.write(key.shard, {});
  CHECK(txn.has_value(), txn.error().detail);
  (*txn)->put(key, std::move(value));
  const auto ticket = (*txn)->commit();
  CHECK(ticket.has_value(), ticket.error().detail);
  return *ticket;
}

std::optional<std::string> get(Store& store, const Key& key) {
  auto found = store.read()->get(key);
  CHECK(found.has_value(), found.error().detail);
  return *std::move(found);
}

std::vector<std::string> scan_keys(Txn& txn, const KeyRange& range, Direction direction) {
  std::vector<std::string> keys;
  const auto outcome = txn.scan(range, direction, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return true;
  });
  CHECK(outcome.has_value(), outcome.error().detail);
  return keys;
}

std::future<Status> durable(Store& store, Ticket ticket, Store::Deadline deadline) {
  std::promise<Status> promise;
  auto future = promise.get_future();
  store.when_durable(ticket, deadline, [promise = std::move(promise)](Status status) mutable {
    promise.set_value(status);
  });
  return future;
}

}  // namespace confab
