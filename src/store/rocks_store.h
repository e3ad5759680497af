// The store on disk: RocksDB, one write without sync for each transaction and one log sync for
// many.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/failpoints.h"
#include "base/metrics.h"
#include "store/store.h"

namespace rocksdb {
class Env;
}

namespace confab {

struct RocksStoreOptions {
  std::string path;
  std::vector<MergeRule> merge_rules;
  /// Writes are refused while less than this is free on the volume.
  std::uint64_t disk_reserve_bytes = 0;
  std::uint64_t block_cache_bytes = std::uint64_t{64} << 20U;
  std::uint64_t memtable_bytes = std::uint64_t{64} << 20U;
  /// Files that may be open at once; 0: no limit.
  std::size_t max_files = 0;
  /// Accounts, heads and views kept in memory beside the engine; some 100 bytes each.
  std::size_t cached_entries = std::size_t{1} << 20U;
  /// Lists of a user's entries kept in memory; at most 32 kB each.
  std::size_t cached_walks = std::size_t{1} << 11U;
  /// Answers that may wait for durability at once; more are kOverloaded.
  std::size_t max_waiters = 100'000;
  /// Called once, from a store thread, when a log sync failed and nothing can be acknowledged any
  /// more: the owner must end the program, recovery at the next start decides. REQUIRED.
  std::function<void(const std::string& reason)> on_fatal;

  Failpoints* failpoints = nullptr;
  Metrics* metrics = nullptr;
  rocksdb::Env* env = nullptr;  // for crash tests; default: the machine's
  /// Free bytes on the volume of `path`; default: asks the file system. At most once a second.
  std::function<std::uint64_t()> free_bytes;
};

/// Opens or creates. kInternal, with a text for the operator: the directory cannot be used, is
/// locked by another process, is damaged, or was written in a newer format.
Result<std::unique_ptr<Store>> open_rocks_store(RocksStoreOptions options);

}  // namespace confab
