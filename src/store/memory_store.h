// The store in memory: for tests and for throw-away servers. Same rules as on disk, nothing
// survives.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/failpoints.h"
#include "base/metrics.h"
#include "store/store.h"

namespace confab {

struct MemoryStoreOptions {
  std::vector<MergeRule> merge_rules;
  Failpoints* failpoints =
      nullptr;  // "store.commit", "store.sync" and "store.sync.stall", as on disk
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
