// RocksDB's warnings in our log. Its own log is a file beside the data, and once the disk refuses
// to write that file, an assertion in it ends the program. Thread-safe.
#pragma once

#include <memory>

namespace rocksdb {
class Logger;
}

namespace confab {

std::shared_ptr<rocksdb::Logger> make_rocks_log();

}  // namespace confab
