#include "store/rocks_reader.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include "base/key_codec.h"
#include "store/rocks_engine.h"
#include "store/rocks_format.h"

namespace confab {
namespace {

/// A server that runs may delete a file between its name being read and its being opened.
constexpr int kAttempts = 5;

/// Without it RocksDB would begin a new log file in the directory, and rename the server's.
class NoLog final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

class RocksReader final : public StoreReader {
 public:
  explicit RocksReader(std::unique_ptr<rocksdb::DB> db)
      : engine_(make_rocks_engine(std::move(db), nullptr)), view_(engine_->newest()) {}

  Result<std::optional<std::string>> get(std::string_view key) override { return view_->get(key); }

  Status scan(const std::string& prefix, const Visitor& visit) override {
    return view_->scan(prefix, after_prefix(prefix), Direction::kForward, visit);
  }

 private:
  const std::unique_ptr<Engine> engine_;
  const std::unique_ptr<EngineView> view_;
};

rocksdb::Options reader_options() {
  rocksdb::Options options;
  options.create_if_missing = false;
  options.info_log = std::make_shared<NoLog>();
  // As the store recovers (rocks_store.cc): a running server's log may end in the middle of a
  // record.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return options;
}

}  // namespace

Result<std::unique_ptr<StoreReader>> open_rocks_reader(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path + "/CURRENT", error)) {
    return fail(ErrorCode::kInternal, fmt::format("there is no store in {}", path));
  }
  rocksdb::DB* db = nullptr;
  auto status = rocksdb::DB::OpenForReadOnly(reader_options(), path, &db);
  for (int attempt = 1; !status.ok() && attempt < kAttempts; ++attempt)
    status = rocksdb::DB::OpenForReadOnly(reader_options(), path, &db);
  if (!status.ok()) {
    return fail(ErrorCode::kInternal,
                fmt::format("the store in {} cannot be read: {}", path, status.ToString()));
  }
  auto reader = std::make_unique<RocksReader>(std::unique_ptr<rocksdb::DB>(db));
  TRY(const auto format, reader->get(kFormatKey));
  TRY_STATUS(check_stored_format(path, format.value_or("")));
  return reader;
}

}  // namespace confab
