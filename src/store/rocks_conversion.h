// Stores of earlier releases. Internal to the store layer.
#pragma once

#include <string>

#include "base/result.h"

namespace rocksdb {
class DB;  // NOLINT(readability-identifier-naming): RocksDB's name
}

namespace confab {

/// Makes a store of format 1 (up to release 0.3), whose messages lie oldest first under the
/// prefixes m and M, one of format 2 (ADR 9). Takes as long as reading and writing all messages
/// once. After a crash in between the next start goes on. Nothing else may use `db`. kInternal,
/// with a text for the operator: `path` cannot be read or written, or holds what no release wrote;
/// messages that were not reached are as before.
Status convert_format_1(const std::string& path, rocksdb::DB& db);

}  // namespace confab
