// What a RocksDB's files and memtables hold, as estimates, and when erased entries are worth a
// flush. Internal to the store layer. Thread-safe; reads counters that RocksDB keeps in memory.
#pragma once

#include <cstdint>

#include "store/store.h"

namespace rocksdb {
class DB;
}

namespace confab {

/// Nothing but zeros where RocksDB cannot tell.
StoreBytes rocks_bytes(rocksdb::DB& db);

/// Tombstones that are in no file yet.
std::uint64_t rocks_deletes_in_memory(rocksdb::DB& db);

}  // namespace confab
