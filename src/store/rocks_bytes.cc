#include "store/rocks_bytes.h"

#include <algorithm>
#include <string>

#include <rocksdb/db.h>

namespace confab {
namespace {

using Properties = rocksdb::DB::Properties;

std::uint64_t number(rocksdb::DB& db, const std::string& property) {
  std::uint64_t value = 0;
  return db.GetIntProperty(property, &value) ? value : 0;
}

struct Entries {
  std::uint64_t all = 0;  // tombstones, too
  std::uint64_t deletes = 0;

  std::uint64_t puts() const { return all - std::min(all, deletes); }
};

Entries entries_in_files(rocksdb::DB& db) {
  Entries sum;
  rocksdb::TablePropertiesCollection files;
  if (!db.GetPropertiesOfAllTables(&files).ok()) return {};
  for (const auto& [name, properties] : files) {
    sum.all += properties->num_entries;
    sum.deletes += properties->num_deletions;
  }
  return sum;
}

Entries entries_in_memory(rocksdb::DB& db) {
  return {.all = number(db, Properties::kNumEntriesActiveMemTable) +
                 number(db, Properties::kNumEntriesImmMemTables),
          .deletes = rocks_deletes_in_memory(db)};
}

/// `part` of `bytes`, out of `whole`.
std::uint64_t share(std::uint64_t bytes, std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(bytes) * static_cast<double>(part) /
                                    static_cast<double>(whole));
}

}  // namespace

std::uint64_t rocks_deletes_in_memory(rocksdb::DB& db) {
  return number(db, Properties::kNumDeletesActiveMemTable) +
         number(db, Properties::kNumDeletesImmMemTables);
}

// RocksDB's own estimate of live data takes a file for live until its tombstones have been
// compacted into it. So each tombstone is also counted against one put of average size.
StoreBytes rocks_bytes(rocksdb::DB& db) {
  const auto filed = entries_in_files(db);
  const auto held = entries_in_memory(db);
  const auto puts = filed.puts() + held.puts();
  const auto left = puts - std::min(puts, filed.deletes + held.deletes);
  const auto live_in_files = std::min(share(number(db, Properties::kLiveSstFilesSize), left, puts),
                                      number(db, Properties::kEstimateLiveDataSize));
  const auto held_bytes =
      share(number(db, Properties::kCurSizeAllMemTables), held.puts(), held.all);
  const auto files = number(db, Properties::kTotalSstFilesSize);
  return {.live = live_in_files + share(held_bytes, left, puts),
          .dead = files - std::min(files, live_in_files),
          .pending = number(db, Properties::kEstimatePendingCompactionBytes)};
}

}  // namespace confab
