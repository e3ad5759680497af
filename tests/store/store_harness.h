// What the store tests share: a store of either engine with its failpoints and metrics at hand, and
// short forms of common transactions.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/keyspaces.h"
#include "store/rocks_store.h"
#include "store/store.h"
#include "tests/support/temporary_directory.h"

namespace confab {

enum class EngineKind { kMemory, kRocks };

/// For test names.
std::string engine_name(EngineKind kind);

/// Views keep the greater operand.
std::vector<MergeRule> test_merge_rules();

class StoreHarness {
 public:
  explicit StoreHarness(EngineKind kind, std::size_t max_waiters = 10000);

  Store& store() { return *store_; }
  void close() { store_.reset(); }

  Failpoints failpoints;
  Metrics metrics;
  std::promise<std::string> fatal;  // set by on_fatal; a second call would throw

 private:
  std::optional<testing::TemporaryDirectory> directory_;
  std::unique_ptr<Store> store_;
};

/// Options for a RocksDB store at `path` that must not fail.
RocksStoreOptions test_rocks_options(std::string path);

inline constexpr AppId kApp{1400000001};

/// A key of the view or message keyspace with a raw name as its rest.
Key view_key(const Shard& user, std::string id);
Key message_key(const Shard& timeline, std::uint32_t time);

/// One transaction that puts one raw value; its ticket.
Ticket put(Store& store, const Key& key, std::string value);
/// One read transaction.
std::optional<std::string> get(Store& store, const Key& key);
/// The keys of the range in the order of the scan.
std::vector<std::string> scan_keys(Txn& txn, const KeyRange& range, Direction direction);

/// when_durable as a future. The deadline is far unless given.
std::future<Status> durable(Store& store,
                            Ticket ticket,
                            Store::Deadline deadline = Store::Deadline::max());

template <typename T>
bool is_ready(const std::future<T>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace confab
