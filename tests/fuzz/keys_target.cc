// Keys: what parses as a key is written again as the same bytes, and bytes are ordered as fields
// are.
#include <optional>
#include <string>
#include <tuple>

#include "base/check.h"
#include "store/description.h"
#include "store/keyspaces.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

template <typename Visit>
void for_each_keyspace(Visit visit) {
  std::apply([&](const auto&... keyspace) { (visit(keyspace), ...); }, kKeyspaces);
}

/// True if it is one of the keyspace.
template <typename K>
bool check_bytes(const K& keyspace, std::string_view bytes) {
  const auto shard = keyspace.parse_shard(bytes);
  if (!shard) return false;
  CHECK(shard->kind == keyspace.kind, "the key of another kind of shard");
  CHECK(bytes.starts_with(keyspace.shard_prefix(*shard)), "a key that its shard does not begin");
  const auto rest = keyspace.parse_rest(*shard, bytes);
  if (!rest) return false;
  CHECK(keyspace.key(*shard, *rest).bytes == bytes, "two keys for the same fields");
  return true;
}

void check_description(std::string_view bytes, bool is_key) {
  const auto description = describe_key(bytes);
  CHECK(description.has_value() == is_key, "a key is described that is none, or is not");
  if (!description) return;
  CHECK(bytes.starts_with(key_prefix(description->keyspace, description->shard)),
        "a description of another key");
}

/// Another one than `other` in one field or more, or the same.
template <typename Rest>
Rest near(Input& in, const Rest& other) {
  auto made = in.record<Rest>();
  const auto same = in.byte();
  unsigned bit = 0;
  [&]<std::size_t... At>(std::index_sequence<At...>) {
    auto to = Rest::fields(made);
    const auto from = Rest::fields(other);
    (((same >> bit++ & 1U) != 0 ? void(std::get<At>(to) = std::get<At>(from)) : void()), ...);
  }(std::make_index_sequence<std::tuple_size_v<decltype(Rest::fields(made))>>());
  return made;
}

template <typename K>
void check_order(const K& keyspace, Input in) {
  using Rest = typename K::Rest;
  const Shard a_shard{keyspace.kind, AppId{in.number<std::uint32_t>()}, in.text()};
  auto b_shard = a_shard;
  if (in.byte() % 4 == 0) b_shard.app = AppId{in.number<std::uint32_t>()};
  if (in.byte() % 4 == 0) b_shard.owner = in.text();
  const auto a = in.record<Rest>();
  const auto b = near(in, a);
  const auto a_key = keyspace.key(a_shard, a).bytes;
  const auto b_key = keyspace.key(b_shard, b).bytes;

  CHECK(keyspace.parse_shard(a_key) == a_shard, "a key's shard is not what was written");
  const auto parsed = keyspace.parse_rest(a_shard, a_key);
  CHECK(parsed && Rest::fields(*parsed) == Rest::fields(a), "a key's rest is not what was written");
  if (!(a_shard == b_shard)) {
    CHECK(!keyspace.parse_rest(a_shard, b_key), "the key of another shard");
  }

  const auto rests = [](const Rest& one, const Rest& two) {
    return K::kOrder == KeyOrder::kAscending ? Rest::fields(one) <=> Rest::fields(two)
                                             : Rest::fields(two) <=> Rest::fields(one);
  };
  const auto fields_before =
      std::tie(a_shard.app, a_shard.owner) == std::tie(b_shard.app, b_shard.owner)
          ? rests(a, b)
          : std::tie(a_shard.app, a_shard.owner) <=> std::tie(b_shard.app, b_shard.owner);
  CHECK((a_key <=> b_key) == fields_before, "bytes are in another order than fields");

  const auto prefix = keyspace.shard_prefix(a_shard);
  const auto after = after_prefix(prefix);
  CHECK(prefix <= a_key && a_key < after, "a key outside its shard's range");
  CHECK((a_shard == b_shard) == (prefix <= b_key && b_key < after), "ranges of shards overlap");
}

}  // namespace

void run_input(std::string_view input) {
  bool is_key = false;
  for_each_keyspace([&](const auto& keyspace) {
    is_key = check_bytes(keyspace, input) || is_key;
    check_order(keyspace, Input(input));
  });
  check_description(input, is_key);
  const auto after = after_prefix(input);
  CHECK(after.empty() || (after > input && !after.starts_with(input)), "the end of a prefix");
}

}  // namespace confab::fuzz
