#include "store/rocks_conversion.h"

#include <cstddef>
#include <memory>

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "base/log.h"
#include "store/keyspaces.h"
#include "store/rocks_format.h"

namespace confab {
namespace {

// As format 1 had them.
constexpr Keyspace<MessageRest, MessageRecord> kOldMessages{'m', ShardKind::kTimeline, "message",
                                                            "0.1", "a message"};
constexpr Keyspace<GroupMessageRest, GroupMessageRecord> kOldGroupMessages{'M',
                                                                           ShardKind::kTimeline,
                                                                           "group_message", "0.3",
                                                                           "a group message"};

constexpr std::size_t kBatch = 1000;

Status write(const std::string& path, rocksdb::DB& db, rocksdb::WriteBatch& batch) {
  const auto status = db.Write(rocksdb::WriteOptions(), &batch);
  batch.Clear();
  if (status.ok()) return {};
  return fail(ErrorCode::kInternal,
              fmt::format("data directory {} cannot be converted: {}", path, status.ToString()));
}

/// Puts every entry of `from` under its key in `to`; gives how many.
template <typename Old, typename New>
Result<std::size_t> move_entries(const std::string& path,
                                 rocksdb::DB& db,
                                 const Old& from,
                                 const New& to) {
  rocksdb::WriteBatch batch;
  std::size_t moved = 0;
  // Of one moment, so what is moved meanwhile is not met again.
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(rocksdb::ReadOptions()));
  const rocksdb::Slice prefix(&from.prefix, 1);
  for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next()) {
    const auto key = at->key().ToStringView();
    const auto shard = from.parse_shard(key);
    const auto rest = shard ? from.parse_rest(*shard, key) : std::nullopt;
    if (!rest) {
      return fail(ErrorCode::kInternal,
                  fmt::format("data directory {} holds a key of a {} that cannot be read", path,
                              from.name));
    }
    batch.Put(to.key(*shard, *rest).bytes, at->value());
    batch.Delete(at->key());
    ++moved;
    if (moved % kBatch == 0) TRY_STATUS(write(path, db, batch));
  }
  if (!at->status().ok()) {
    return fail(ErrorCode::kInternal,
                fmt::format("data directory {} cannot be read: {}", path, at->status().ToString()));
  }
  TRY_STATUS(write(path, db, batch));
  return moved;
}

}  // namespace

Status convert_format_1(const std::string& path, rocksdb::DB& db) {
  log_event(LogLevel::kInfo, "store_conversion_begins", {{"store", path}, {"to_format", 2}});
  TRY(const auto messages, move_entries(path, db, kOldMessages, kMessages));
  TRY(const auto group_messages, move_entries(path, db, kOldGroupMessages, kGroupMessages));
  // Last, and in the same log, so it is never durable without what is before it.
  rocksdb::WriteBatch format;
  format.Put(rocksdb::Slice(kFormatKey.data(), kFormatKey.size()), "2");
  TRY_STATUS(write(path, db, format));
  log_event(LogLevel::kInfo, "store_converted",
            {{"messages", messages}, {"group_messages", group_messages}});
  return {};
}

}  // namespace confab
