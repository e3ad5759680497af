#include "store/rocks_log.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include <rocksdb/env.h>

#include "base/log.h"

namespace confab {
namespace {

constexpr std::size_t kMaxLine = 2000;

class RocksLog final : public rocksdb::Logger {
 public:
  RocksLog() : Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  using Logger::Logv;
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list values) override {
    if (level < rocksdb::InfoLogLevel::WARN_LEVEL || level == rocksdb::InfoLogLevel::HEADER_LEVEL) {
      return;
    }
    std::array<char, kMaxLine> line{};
    const int size = std::vsnprintf(line.data(), line.size(), format, values);
    if (size < 0) return;
    const std::string_view text(line.data(),
                                std::min(static_cast<std::size_t>(size), line.size() - 1));
    const bool is_warning = level == rocksdb::InfoLogLevel::WARN_LEVEL;
    log_event(is_warning ? LogLevel::kWarning : LogLevel::kError, "rocksdb", {{"says", text}});
  }
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_rocks_log() {
  return std::make_shared<RocksLog>();
}

}  // namespace confab
