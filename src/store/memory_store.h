// The store in memory: for tests and for throw-away servers. Same rules as on disk, nothing
// survives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/failpoints.h"
#include "base/metrics.h"
#include "store/store.h"

namespace confab {

struct MemoryStoreOptions {
  std::vector<MergeRule> merge_rules;
  /// As in RocksStoreOptions; with no log to sync only failpoints make a store in memory fail.
  std::size_t max_waiters = 100'000;
  std::function<void(const std::string& reason)> on_fatal = [](const std::string&) {
  };
  /// "store.commit", "store.sync" and "store.sync.stall", as on disk.
  Failpoints* failpoints = nullptr;
  Metrics* metrics = nullptr;
  /// Non-zero: merges to other shards are held back, repeated and reordered, as a distributed
  /// engine may; the value seeds the disorder. flush_merges() brings every shard up to date.
  std::uint64_t adverse_merges_seed = 0;
};

class MemoryStore : public Store {
 public:
  static std::unique_ptr<MemoryStore> create(MemoryStoreOptions options);

  /// Applies all merges that are still held back.
  virtual void flush_merges() = 0;
};

}  // namespace confab
