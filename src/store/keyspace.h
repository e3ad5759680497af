// A keyspace: one kind of stored thing, declared once in keyspaces.h. Its keys are
// prefix | app | owner | rest, so a shard's entries of one keyspace are contiguous and ordered by
// rest.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/key_codec.h"
#include "store/shard.h"

namespace confab {

/// A raw key with the shard that it belongs to.
struct Key {
  const Shard& shard;
  std::string bytes;
};

/// The rest of a key in a keyspace that holds one entry for each shard.
struct NoRest {
  static auto fields(auto&) { return std::tie(); }
  static constexpr std::array<std::string_view, 0> kNames{};
  bool operator==(const NoRest&) const = default;
};

template <typename T>
inline constexpr bool kEveryFieldHasAName =
    std::tuple_size_v<decltype(T::fields(std::declval<T&>()))> == T::kNames.size();

/// Stateless; `Rest` and `Value` have a static fields() that returns a std::tie of their members,
/// and names, one for each of them.
template <typename RestType, typename ValueType>
struct Keyspace {
  using Rest = RestType;
  using Value = ValueType;
  static_assert(kEveryFieldHasAName<Rest> && kEveryFieldHasAName<Value>);

  char prefix;             // on disk: never change, never reuse
  ShardKind kind;          // owner
  std::string_view name;   // for errors and tools
  std::string_view since;  // the release that first wrote it
  std::string_view holds;  // one entry, for tools

  /// prefix | app | owner: what all of the shard's keys in this keyspace start with.
  std::string shard_prefix(const Shard& shard) const {
    std::string out(1, prefix);
    append_key(out, static_cast<std::uint32_t>(shard.app));
    append_key(out, shard.owner);
    return out;
  }

  Key key(const Shard& shard, const Rest& rest) const {
    return {shard, append_rest(shard_prefix(shard), rest)};
  }

  static std::string append_rest(std::string out, const Rest& rest) {
    std::apply([&](const auto&... field) { (append_key(out, field), ...); }, Rest::fields(rest));
    return out;
  }

  /// The shard of a key of this keyspace; nothing if it is not one.
  std::optional<Shard> parse_shard(std::string_view key) const {
    if (!key.starts_with(prefix)) return std::nullopt;
    key.remove_prefix(1);
    std::uint32_t app = 0;
    std::string owner;
    if (!take_key(key, app) || !take_key(key, owner)) return std::nullopt;
    return Shard{kind, AppId{app}, std::move(owner)};
  }

  /// The rest of `key`; nothing if it is not a key of this keyspace and shard.
  std::optional<Rest> parse_rest(const Shard& shard, std::string_view key) const {
    return parse_rest_after(shard_prefix(shard), key);
  }

  /// The same for many keys of one shard. `start`: its shard_prefix.
  std::optional<Rest> parse_rest_after(std::string_view start, std::string_view key) const {
    if (!key.starts_with(start)) return std::nullopt;
    key.remove_prefix(start.size());
    Rest rest;
    const bool complete = std::apply([&](auto&... field) { return (take_key(key, field) && ...); },
                                     Rest::fields(rest));
    if (!complete || !key.empty()) return std::nullopt;
    return rest;
  }
};

}  // namespace confab
