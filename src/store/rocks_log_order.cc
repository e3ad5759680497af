#include "store/rocks_log_order.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include <rocksdb/wal_filter.h>
#include <rocksdb/write_batch.h>

namespace confab {
namespace {

/// A batch begins with the number of its first write, little endian.
std::uint64_t first_number(const rocksdb::WriteBatch& batch) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t number = 0;
  std::memcpy(&number, batch.Data().data(), sizeof(number));
  return number;
}

// What was acknowledged never lies behind a gap: a sync covers every log file up to its end, and a
// file whose transactions are all in tables is not read.
class LogOrder final : public rocksdb::WalFilter {
 public:
  const char* Name() const override { return "LogOrder"; }

  WalProcessingOption LogRecordFound(unsigned long long /*log*/,
                                     const std::string& /*file*/,
                                     const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch* /*changed_batch*/,
                                     bool* /*changed*/) override {
    const auto number = first_number(batch);
    if (next_ && number != *next_) return WalProcessingOption::kStopReplay;
    next_ = number + batch.Count();
    return WalProcessingOption::kContinueProcessing;
  }

 private:
  std::optional<std::uint64_t> next_;  // the number of the transaction's first write
};

}  // namespace

std::unique_ptr<rocksdb::WalFilter> make_log_order() {
  return std::make_unique<LogOrder>();
}

}  // namespace confab
