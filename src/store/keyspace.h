// A keyspace: one kind of stored thing, declared once in keyspaces.h. Its keys are
// prefix | app | owner | rest, so a shard's entries of one keyspace are contiguous and ordered by
// rest, upwards or downwards.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
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

/// How keys of a shard lie: by their rest, the least or the greatest first. Engines walk forward
/// faster than backward.
enum class KeyOrder { kAscending, kDescending };

/// Stateless; `Rest` and `Value` have a static fields() that returns a std::tie of their members,
/// and names, one for each of them.
template <typename RestType, typename ValueType, KeyOrder Order = KeyOrder::kAscending>
struct Keyspace {
  using Rest = RestType;
  using Value = ValueType;
  static constexpr KeyOrder kOrder = Order;
  static_assert(kEveryFieldHasAName<Rest> && kEveryFieldHasAName<Value>);

  char prefix;             // on disk: never change, never reuse
  ShardKind kind;          // owner
  std::string_view name;   // for errors and tools
  std::string_view since;  // the release that first wrote it
  std::string_view holds;  // one entry, for tools

  static constexpr std::size_t kUsualRest = 40;  // bytes of a key beside the owner's

  /// prefix | app | owner: what all of the shard's keys in this keyspace start with.
  std::string shard_prefix(const Shard& shard) const {
    std::string out;
    out.reserve(shard.owner.size() + kUsualRest);
    out += prefix;
    append_key(out, static_cast<std::uint32_t>(shard.app));
    append_key(out, shard.owner);
    return out;
  }

  Key key(const Shard& shard, const Rest& rest) const {
    return {shard, append_rest(shard_prefix(shard), rest)};
  }

  static std::string append_rest(std::string out, const Rest& rest) {
    std::apply([&](const auto&... field) { (append_key(out, in_order(field)), ...); },
               Rest::fields(rest));
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
    Rest rest;
    if (!parse_rest_after(start, key, rest)) return std::nullopt;
    return rest;
  }

  /// The same into a rest that is used again and again; false, with `rest` unspecified, for
  /// nothing.
  static bool parse_rest_after(std::string_view start, std::string_view key, Rest& rest) {
    if (!key.starts_with(start)) return false;
    key.remove_prefix(start.size());
    const auto take = [&](auto& field) {
      const bool taken = take_key(key, field);
      if constexpr (kOrder == KeyOrder::kDescending) field = in_order(field);
      return taken;
    };
    return std::apply([&](auto&... field) { return (take(field) && ...); }, Rest::fields(rest)) &&
           key.empty();
  }

 private:
  /// A field as it stands in a key; the same for the way back.
  template <typename T>
  static decltype(auto) in_order(const T& field) {
    if constexpr (kOrder == KeyOrder::kAscending) {
      return (field);
    } else {
      static_assert(std::is_unsigned_v<T>, "only numbers of fixed length can be turned round");
      return static_cast<T>(~field);
    }
  }
};

}  // namespace confab
