#include "store/rocks_store.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/wal_filter.h>

#include "base/check.h"
#include "store/disk_reserve.h"
#include "store/engine_store.h"
#include "store/keyspaces.h"
#include "store/rocks_conversion.h"
#include "store/rocks_engine.h"
#include "store/rocks_format.h"
#include "store/rocks_log.h"
#include "store/rocks_log_order.h"

namespace confab {
namespace {

// A new file in which so many of so many entries in a row are tombstones, or such a share of all,
// is compacted until they and what they erase are gone. Its own new files are looked at like that,
// too, so it sinks level by level.
constexpr std::size_t kTombstoneWindow = 1024;
constexpr std::size_t kTombstoneTrigger = 512;
constexpr double kTombstoneShare = 0.25;

// Open files that are not tables in use: logs, manifest, lock, directories, and the outputs of two
// background jobs.
constexpr std::size_t kFilesBesideTables = 32;
constexpr std::size_t kLeastTables = 20;  // RocksDB's own floor

/// Lets flushes and compactions take a tenth of a core that requests keep busy: with an equal
/// share, requests wait twice as long for the quarter of a second that a flush takes. Should
/// writers get ahead of the flushes, RocksDB makes them wait.
class YieldInBackground final : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB* /*db*/, const rocksdb::FlushJobInfo& /*job*/) override { yield(); }
  void OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) override {
    yield();
  }

 private:
  static constexpr int kNice = 5;

  static void yield() { ::setpriority(PRIO_PROCESS, 0, kNice); }  // of the calling thread alone
};

rocksdb::Options rocks_options(const RocksStoreOptions& ours) {
  rocksdb::Options options;
  options.create_if_missing = true;
  if (ours.env != nullptr) options.env = ours.env;

  // Behaviour.
  options.manual_wal_flush = true;  // the committer writes and syncs the log, once for many
  // A power loss leaves any mixture of the unsynced tail's pages, also zeros or garbage before good
  // records. Point in time stops at the first damaged record; all that was acknowledged lies before
  // it, because a sync covers every log file up to its end. Tolerating corrupted tails would refuse
  // to open on garbage, and would go on with the next log file after a damaged one. A log file cut
  // off between two records RocksDB does not tell from a whole one, so make_log_order does.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // What was recovered is rewritten as synced tables before open returns, so that nothing shown
  // after it can be lost by a second crash.
  options.avoid_flush_during_recovery = false;

  // Performance. With its one column family the log never outgrows the memtables, so it needs no
  // limit of its own.
  options.write_buffer_size = ours.memtable_bytes;
  options.max_background_jobs = 2;
  options.listeners.push_back(std::make_shared<YieldInBackground>());
  if (ours.max_files > 0) {
    options.max_open_files = static_cast<int>(
        std::max(ours.max_files, kFilesBesideTables + kLeastTables) - kFilesBesideTables);
  }
  options.compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  options.avoid_unnecessary_blocking_io = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(ours.block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;  // the cache's size bounds them too
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // One index and one filter for a whole file can be larger than one of the cache's shards. It is
  // then read from the disk for each look-up.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));

  // RocksDB compacts where files are many or big, not where they are dead: what reclaim erased
  // would stay on disk until new writes push it down.
  options.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(kTombstoneWindow, kTombstoneTrigger,
                                                    kTombstoneShare));

  options.info_log = make_rocks_log();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::unexpected<Error> refuse(std::string reason) {
  return fail(ErrorCode::kInternal, std::move(reason));
}

/// So that a new directory's name survives a power loss.
Status sync_directory(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const std::error_code reason(errno, std::system_category());
  if (fd >= 0) ::close(fd);
  if (!synced) return refuse(fmt::format("cannot sync {}: {}", path.string(), reason.message()));
  return {};
}

Status make_directory(const std::filesystem::path& path) {
  std::error_code reason;
  if (std::filesystem::is_directory(path, reason)) return {};
  const auto parent = path.parent_path().empty() ? "." : path.parent_path();
  if (parent != path) TRY_STATUS(make_directory(parent));
  if (!std::filesystem::create_directory(path, reason) && reason) {
    return refuse(
        fmt::format("cannot create data directory {}: {}", path.string(), reason.message()));
  }
  return sync_directory(parent);
}

/// Why RocksDB could not open `path`. It does not tell a held lock from other failures, so try it.
std::string open_failure(const std::string& path,
                         rocksdb::Env& env,
                         const rocksdb::Status& status) {
  rocksdb::FileLock* lock = nullptr;
  if (!env.LockFile(path + "/LOCK", &lock).ok()) {
    return fmt::format("data directory {} is in use by another process, or cannot be written: {}",
                       path, status.ToString());
  }
  env.UnlockFile(lock);
  return fmt::format("data directory {} cannot be opened: {}", path, status.ToString());
}

Result<std::unique_ptr<rocksdb::DB>> open_db(const std::string& path,
                                             const rocksdb::Options& options) {
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(options, path, &db);
  if (!status.ok()) return refuse(open_failure(path, *options.env, status));
  return std::unique_ptr<rocksdb::DB>(db);
}

bool is_empty(rocksdb::DB& db) {
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(rocksdb::ReadOptions()));
  at->SeekToFirst();
  return !at->Valid() && at->status().ok();
}

/// Marks a new store with our format number, or checks that of an old one, or converts it. An empty
/// RocksDB without a number is a creation that did not get this far.
Status settle_format(const std::string& path, rocksdb::DB& db) {
  const rocksdb::Slice key(kFormatKey.data(), kFormatKey.size());
  std::string stored;
  auto status = db.Get(rocksdb::ReadOptions(), key, &stored);
  if (status.ok()) {
    return stored == "1" ? convert_format_1(path, db) : check_stored_format(path, stored);
  }
  if (status.IsNotFound()) {
    if (!is_empty(db)) {
      return refuse(fmt::format("data directory {} holds a RocksDB that is not ours", path));
    }
    status = db.Put(rocksdb::WriteOptions(), key, std::to_string(kFormatNumber));
  }
  if (!status.ok()) {
    return refuse(fmt::format("data directory {} cannot be set up: {}", path, status.ToString()));
  }
  return {};
}

std::uint64_t free_on_volume_of(const std::string& path) {
  std::error_code reason;
  return std::filesystem::space(path, reason).available;  // all ones if it cannot be asked
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(RocksStoreOptions options) {
  CHECK(options.on_fatal != nullptr, "a store on disk needs on_fatal");
  TRY_STATUS(make_directory(options.path));
  auto log_order = make_log_order();
  auto rocks = rocks_options(options);
  rocks.wal_filter = log_order.get();
  TRY(auto db, open_db(options.path, rocks));
  TRY_STATUS(settle_format(options.path, *db));
  // The base that tickets start from: all that the engine holds is durable.
  if (const auto status = db->FlushWAL(true); !status.ok()) {
    return refuse(
        fmt::format("data directory {} cannot be synced: {}", options.path, status.ToString()));
  }

  auto free_bytes = options.free_bytes ? std::move(options.free_bytes) : [path = options.path] {
    return free_on_volume_of(path);
  };
  auto reserve = std::make_unique<DiskReserve>(options.disk_reserve_bytes, std::move(free_bytes),
                                               &std::chrono::steady_clock::now);
  return std::make_unique<EngineStore>(make_rocks_engine(std::move(db), std::move(reserve),
                                                         std::move(log_order)),
                                       EngineStoreOptions{.merge_rules = options.merge_rules,
                                                          .max_waiters = options.max_waiters,
                                                          .cached_entries = options.cached_entries,
                                                          .cached_walks = options.cached_walks,
                                                          .on_fatal = options.on_fatal,
                                                          .failpoints = options.failpoints,
                                                          .metrics = options.metrics});
}

}  // namespace confab
