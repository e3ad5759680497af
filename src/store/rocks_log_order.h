// Ends recovery from the log where a transaction is missing. RocksDB takes a log file that was cut
// off between two records for a whole one and goes on with the next file, whose transactions were
// decided on what is lost. (Not seen: a file that was filled to its end without one sync and then
// lost as a whole, when nothing stands before it.) Internal to the RocksDB store.
#pragma once

#include <memory>

namespace rocksdb {
class WalFilter;
}

namespace confab {

/// For one opening of one database, which it must outlive.
std::unique_ptr<rocksdb::WalFilter> make_log_order();

}  // namespace confab
