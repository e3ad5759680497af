// Stored bytes in words, for tools: whatever keyspaces.h declares is described here without a
// further line. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/shard.h"

namespace confab {

/// A keyspace's declaration without its types.
struct KeyspaceRow {
  char prefix;
  ShardKind kind;
  std::string_view name;
  std::string_view since;
  std::string_view holds;
};

struct NamedField {
  std::string_view name;
  std::variant<std::uint64_t, std::string> value;

  bool operator==(const NamedField&) const = default;
};

struct KeyDescription {
  const KeyspaceRow& keyspace;
  Shard shard;
  std::vector<NamedField> rest;
};

/// All keyspaces, in the order of keyspaces.h.
std::span<const KeyspaceRow> keyspace_rows();

/// What all keys of the shard in this keyspace start with. REQUIRES: one of keyspace_rows().
std::string key_prefix(const KeyspaceRow& keyspace, const Shard& shard);

/// Nothing if it is not a complete key of any keyspace.
std::optional<KeyDescription> describe_key(std::string_view key);

/// Nothing if it is not a value of this keyspace. REQUIRES: one of keyspace_rows().
std::optional<std::vector<NamedField>> describe_value(const KeyspaceRow& keyspace,
                                                      std::string_view bytes);

}  // namespace confab
