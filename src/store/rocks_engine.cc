#include "store/rocks_engine.h"

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include <rocksdb/write_batch.h>

#include "base/check.h"
#include "store/rocks_bytes.h"

namespace confab {
namespace {

/// Fewer tombstones than these are left to the next flush that comes by itself.
constexpr std::uint64_t kDeletesWorthAFlush = 1000;

std::unexpected<Error> engine_error(const char* action, const rocksdb::Status& status) {
  return fail(ErrorCode::kInternal, std::string(action) + " failed: " + status.ToString());
}

class RocksView final : public EngineView {
 public:
  /// `snapshot` may be null: the newest state.
  RocksView(rocksdb::DB& db, const rocksdb::Snapshot* snapshot) : db_(db) {
    options_.snapshot = snapshot;
  }
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;
  ~RocksView() override {
    if (options_.snapshot != nullptr) db_.ReleaseSnapshot(options_.snapshot);
  }

  Result<std::optional<std::string>> get(std::string_view key) override {
    std::string value;
    const auto status = db_.Get(options_, rocksdb::Slice(key.data(), key.size()), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return engine_error("read", status);
    return value;
  }

  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    std::vector<rocksdb::Slice> slices;
    slices.reserve(keys.size());
    for (const auto& key : keys)
      slices.emplace_back(key.bytes);
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_.MultiGet(options_, db_.DefaultColumnFamily(), keys.size(), slices.data(), values.data(),
                 statuses.data());
    std::vector<std::optional<std::string>> found(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return engine_error("read", statuses[i]);
      found[i] = values[i].ToString();
    }
    return found;
  }

  Status scan(const std::string& first,
              const std::string& last,
              Direction direction,
              const Visitor& visitor) override {
    const rocksdb::Slice lower(first);
    const rocksdb::Slice upper(last);
    auto options = options_;
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options));
    const bool forward = direction == Direction::kForward;
    for (forward ? at->SeekToFirst() : at->SeekToLast(); at->Valid();
         forward ? at->Next() : at->Prev()) {
      if (!visitor(at->key().ToStringView(), at->value().ToStringView())) return {};
    }
    if (!at->status().ok()) return engine_error("scan", at->status());
    return {};
  }

 private:
  rocksdb::DB& db_;
  rocksdb::ReadOptions options_;
};

/// Keeps writes out while the log's buffer goes to its file. A write that found the log broken just
/// then, before RocksDB itself had noted the failure, would trip an assertion in its log writer and
/// end the program without a word to the operator. Many enter at once; who closes waits for those
/// inside, and newcomers wait behind it, so that it is never starved.
class LogGate {
 public:
  std::shared_lock<std::shared_mutex> enter() {
    const std::lock_guard turn(turnstile_);
    return std::shared_lock(inside_);
  }

  std::unique_lock<std::shared_mutex> close() {
    const std::lock_guard turn(turnstile_);
    return std::unique_lock(inside_);
  }

 private:
  std::mutex turnstile_;
  std::shared_mutex inside_;
};

class RocksEngine final : public Engine {
 public:
  RocksEngine(std::unique_ptr<rocksdb::DB> db,
              std::unique_ptr<DiskReserve> reserve,
              std::unique_ptr<rocksdb::WalFilter> filter)
      : filter_(std::move(filter)), db_(std::move(db)), reserve_(std::move(reserve)) {}

  std::unique_ptr<EngineView> snapshot() override {
    return std::make_unique<RocksView>(*db_, db_->GetSnapshot());
  }
  std::unique_ptr<EngineView> newest() override {
    return std::make_unique<RocksView>(*db_, nullptr);
  }

  Status accepts_writes() override { return reserve_->check(); }

  // Every error is final. RocksDB returns one only when its log or memtable is in doubt or a
  // background error has stopped it (no write of ours is conditional or may time out). The failed
  // batch is in no memtable, and its log record stays incomplete because nothing is written to the
  // log any more.
  Status apply(const Writes& writes) override {
    rocksdb::WriteBatch batch;
    for (const auto& [key, value] : writes) {
      const auto status = value ? batch.Put(key, *value) : batch.Delete(key);
      CHECK(status.ok(), "a batch takes every key and value");
    }
    const auto gate = log_gate_.enter();
    if (log_broken_) return after_failure();
    // Not synced, and with manual_wal_flush not even written to the file: sync() does both for
    // many.
    const auto status = db_->Write(rocksdb::WriteOptions(), &batch);
    if (!status.ok()) return broken("write", status);
    return {};
  }

  // A batch is in the log's buffer before its sequence number becomes the latest.
  Ticket last_applied() const override { return db_->GetLatestSequenceNumber(); }

  Status sync() override {
    {
      const auto gate = log_gate_.close();
      if (log_broken_) return after_failure();
      if (const auto status = db_->FlushWAL(false); !status.ok())
        return broken("log write", status);
    }
    if (const auto status = db_->SyncWAL(); !status.ok()) return broken("log sync", status);
    return {};
  }

  // Files full of tombstones are compacted by RocksDB itself (rocks_store.cc), so all it takes is
  // that no tombstones stay in memory. The flush goes on in the background; if it would make
  // writers wait now, this thread waits first.
  Status give_back_space() override {
    if (log_broken_) return after_failure();
    // A file that a read still held when a compaction had replaced it would stay until the next
    // job.
    if (const auto status = db_->EnableFileDeletions(false); !status.ok()) {
      return engine_error("removing old files", status);
    }
    if (rocks_deletes_in_memory(*db_) < kDeletesWorthAFlush) return {};
    rocksdb::FlushOptions options;
    options.wait = false;
    options.allow_write_stall = false;
    if (const auto status = db_->Flush(options); !status.ok()) return engine_error("flush", status);
    return {};
  }

  StoreBytes bytes() override { return rocks_bytes(*db_); }

 private:
  std::unexpected<Error> broken(const char* action, const rocksdb::Status& status) {
    log_broken_ = true;
    return engine_error(action, status);
  }

  static std::unexpected<Error> after_failure() {
    return fail(ErrorCode::kInternal, "the log failed before");
  }

  const std::unique_ptr<rocksdb::WalFilter> filter_;  // before what refers to it
  const std::unique_ptr<rocksdb::DB> db_;
  const std::unique_ptr<DiskReserve> reserve_;
  LogGate log_gate_;
  std::atomic<bool> log_broken_ = false;
};

}  // namespace

std::unique_ptr<Engine> make_rocks_engine(std::unique_ptr<rocksdb::DB> db,
                                          std::unique_ptr<DiskReserve> reserve,
                                          std::unique_ptr<rocksdb::WalFilter> filter) {
  return std::make_unique<RocksEngine>(std::move(db), std::move(reserve), std::move(filter));
}

}  // namespace confab
