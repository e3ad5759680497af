// The engine over an open RocksDB. Internal to the store layer; only the RocksDB store and its
// tests know it.
#pragma once

#include <memory>

#include <rocksdb/db.h>
#include <rocksdb/wal_filter.h>

#include "store/disk_reserve.h"
#include "store/engine.h"

namespace confab {

/// `filter`: what the options of `db` refer to; it lives as long.
std::unique_ptr<Engine> make_rocks_engine(std::unique_ptr<rocksdb::DB> db,
                                          std::unique_ptr<DiskReserve> reserve,
                                          std::unique_ptr<rocksdb::WalFilter> filter = nullptr);

}  // namespace confab
