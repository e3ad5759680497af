#include "store/description.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "base/value_codec.h"
#include "store/keyspaces.h"

namespace confab {
namespace {

constexpr auto kRows = std::apply(
    [](const auto&... keyspace) {
      return std::array{KeyspaceRow{keyspace.prefix, keyspace.kind, keyspace.name, keyspace.since,
                                    keyspace.holds}...};
    },
    kKeyspaces);

/// Calls `visit` with the keyspace of this prefix, if there is one.
template <typename Visit>
void with_keyspace(char prefix, Visit visit) {
  std::apply(
      [&](const auto&... keyspace) {
        static_cast<void>(((keyspace.prefix == prefix && (visit(keyspace), true)) || ...));
      },
      kKeyspaces);
}

/// A list is as many fields of one name as it has items.
template <typename T>
void append_named(std::vector<NamedField>& fields, std::string_view name, const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    fields.push_back({name, value});
  } else if constexpr (std::is_same_v<T, std::vector<std::uint32_t>>) {
    for (const auto item : value)
      fields.push_back({name, std::uint64_t{item}});
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    for (const auto& item : value)
      fields.push_back({name, item});
  } else {
    fields.push_back({name, static_cast<std::uint64_t>(value)});
  }
}

template <typename Record>
std::vector<NamedField> named_fields(const Record& record) {
  std::vector<NamedField> fields;
  std::apply(
      [&](const auto&... value) {
        std::size_t at = 0;
        (append_named(fields, Record::kNames.at(at++), value), ...);
      },
      Record::fields(record));
  return fields;
}

}  // namespace

std::span<const KeyspaceRow> keyspace_rows() {
  return kRows;
}

std::string key_prefix(const KeyspaceRow& row, const Shard& shard) {
  std::string prefix;
  with_keyspace(row.prefix, [&](const auto& keyspace) { prefix = keyspace.shard_prefix(shard); });
  return prefix;
}

std::optional<KeyDescription> describe_key(std::string_view key) {
  const auto row = std::ranges::find_if(kRows, [&](auto& r) { return key.starts_with(r.prefix); });
  if (row == kRows.end()) return std::nullopt;
  std::optional<KeyDescription> description;
  with_keyspace(row->prefix, [&](const auto& keyspace) {
    const auto shard = keyspace.parse_shard(key);
    const auto rest = shard ? keyspace.parse_rest(*shard, key) : std::nullopt;
    if (rest) description.emplace(*row, *shard, named_fields(*rest));
  });
  return description;
}

std::optional<std::vector<NamedField>> describe_value(const KeyspaceRow& row,
                                                      std::string_view bytes) {
  std::optional<std::vector<NamedField>> fields;
  with_keyspace(row.prefix, [&](const auto& keyspace) {
    typename std::remove_cvref_t<decltype(keyspace)>::Value value;
    if (decode_value(bytes, value)) fields = named_fields(value);
  });
  return fields;
}

}  // namespace confab
