// A transaction's operations typed by keyspace, for everyone above the store. A stored value that
// cannot be decoded is kInternal. Merges are raw (Txn::merge), because their operands belong to the
// keyspace's rule.
#pragma once

#include <algorithm>
#include <optional>

#include "base/value_codec.h"
#include "store/store.h"

namespace confab {

inline Error undecodable(std::string_view keyspace) {
  return {ErrorCode::kInternal, "stored " + std::string(keyspace) + " cannot be decoded"};
}

template <typename K>
Result<typename K::Value> decode_stored(const K& keyspace, std::string_view bytes) {
  typename K::Value value;
  if (!decode_value(bytes, value)) return std::unexpected(undecodable(keyspace.name));
  return value;
}

template <typename K>
Result<std::optional<typename K::Value>> get(Txn& txn,
                                             const K& keyspace,
                                             const Shard& shard,
                                             const typename K::Rest& rest = {}) {
  TRY(const auto bytes, txn.get(keyspace.key(shard, rest)));
  if (!bytes) return std::nullopt;
  return decode_stored(keyspace, *bytes);
}

/// get, with an absent entry as a value of defaults.
template <typename K>
Result<typename K::Value> get_or_default(Txn& txn,
                                         const K& keyspace,
                                         const Shard& shard,
                                         const typename K::Rest& rest = {}) {
  TRY(auto found, get(txn, keyspace, shard, rest));
  return std::move(found).value_or(typename K::Value{});
}

/// One value for each of the keyspace's keys, a default one where there is none.
template <typename K>
Result<std::vector<typename K::Value>> get_all(Txn& txn,
                                               const K& keyspace,
                                               std::span<const Key> keys) {
  TRY(const auto found, txn.get_many(keys));
  std::vector<typename K::Value> values;
  values.reserve(found.size());
  for (const auto& bytes : found) {
    auto& value = values.emplace_back();
    if (!bytes) continue;
    TRY(value, decode_stored(keyspace, *bytes));
  }
  return values;
}

template <typename K>
void put(Txn& txn,
         const K& keyspace,
         const Shard& shard,
         const typename K::Rest& rest,
         const typename K::Value& value) {
  txn.put(keyspace.key(shard, rest), encode_value(value));
}

template <typename K>
void erase(Txn& txn, const K& keyspace, const Shard& shard, const typename K::Rest& rest = {}) {
  txn.erase(keyspace.key(shard, rest));
}

/// The keys of the shard's entries in [first, last); an absent bound is the keyspace's end.
template <typename K>
KeyRange range_of(const K& keyspace,
                  const Shard& shard,
                  const std::optional<typename K::Rest>& first,
                  const std::optional<typename K::Rest>& last) {
  const auto start = keyspace.shard_prefix(shard);
  if constexpr (K::kOrder == KeyOrder::kAscending) {
    return {&shard, first ? keyspace.append_rest(start, *first) : start,
            last ? keyspace.append_rest(start, *last) : after_prefix(start)};
  } else {
    const auto after = [&](const typename K::Rest& rest) {
      return keyspace.append_rest(start, rest) + '\0';
    };
    return {&shard, last ? after(*last) : start, first ? after(*first) : after_prefix(start)};
  }
}

/// Which way the engine walks to visit rests in `direction`.
template <typename K>
Direction in_keys(Direction direction) {
  if (K::kOrder == KeyOrder::kAscending) return direction;
  return direction == Direction::kForward ? Direction::kBackward : Direction::kForward;
}

/// Visits the shard's entries in [first, last) as visit(rest, value); an absent bound is the
/// keyspace's end. `visit` returns false to stop; it may move out of both.
template <typename K, typename Visit>
Status scan(Txn& txn,
            const K& keyspace,
            const Shard& shard,
            const std::optional<typename K::Rest>& first,
            const std::optional<typename K::Rest>& last,
            Direction direction,
            Visit visit) {
  const auto start = keyspace.shard_prefix(shard);
  const auto range = range_of(keyspace, shard, first, last);
  Status outcome;
  typename K::Rest rest;  // these two keep their memory from entry to entry
  typename K::Value value;
  TRY_STATUS(
      txn.scan(range, in_keys<K>(direction), [&](std::string_view key, std::string_view bytes) {
        if (!keyspace.parse_rest_after(start, key, rest) || !decode_value(bytes, value)) {
          outcome = std::unexpected(undecodable(keyspace.name));
          return false;
        }
        return static_cast<bool>(visit(rest, value));
      }));
  return outcome;
}

/// Visits every shard's entries of a keyspace from key `from` on (empty: the first) as visit(key,
/// shard, rest, value); for background work only, see KeyRange. `visit` returns false to stop.
template <typename K, typename Visit>
Status scan_all_shards(Txn& txn, const K& keyspace, const std::string& from, Visit visit) {
  const std::string start(1, keyspace.prefix);
  const KeyRange range{nullptr, std::max(from, start), after_prefix(start)};
  Status outcome;
  TRY_STATUS(
      txn.scan(range, Direction::kForward, [&](std::string_view key, std::string_view bytes) {
        const auto shard = keyspace.parse_shard(key);
        const auto rest = shard ? keyspace.parse_rest(*shard, key) : std::nullopt;
        const auto value = decode_stored(keyspace, bytes);
        if (!rest || !value) {
          outcome = std::unexpected(undecodable(keyspace.name));
          return false;
        }
        return static_cast<bool>(visit(key, *shard, *rest, *value));
      }));
  return outcome;
}

}  // namespace confab
