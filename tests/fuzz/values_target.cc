// Stored values: what decodes is encoded and decoded again to the same, whatever it has grown by,
// and can be described.
#include <cstddef>
#include <string>

#include "base/check.h"
#include "base/value_codec.h"
#include "store/description.h"
#include "store/keyspaces.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

template <typename Value>
void check_round_trip(const Value& value, Input in) {
  const auto bytes = encode_value(value);
  Value again;
  CHECK(decode_value(bytes, again) && again == value, "a value is not what was encoded");
  CHECK(encode_value(again) == bytes, "two encodings of one value");

  // A later release appends fields; an earlier one wrote fewer, and cut off is no crash.
  CHECK(decode_value(bytes + std::string(in.rest()), again) && again == value,
        "a value that has grown at its end is another one");
  static_cast<void>(decode_value(std::string_view(bytes).substr(0, in.byte()), again));
}

template <typename K>
void check_value(const K& keyspace, const KeyspaceRow& row, std::string_view input) {
  CHECK(row.prefix == keyspace.prefix, "rows and keyspaces differ in order");
  using Value = typename K::Value;
  Input in(input);
  check_round_trip(in.record<Value>(), in);

  // With the version byte, so that the rest of the input is reached.
  for (const auto& bytes : {std::string(input), value_codec::kVersion + std::string(input)}) {
    Value value;
    const bool decodes = decode_value(bytes, value);
    CHECK(describe_value(row, bytes).has_value() == decodes, "described but not decoded, or not");
    if (decodes) check_round_trip(value, Input(input));
  }
}

}  // namespace

void run_input(std::string_view input) {
  std::size_t at = 0;
  std::apply(
      [&](const auto&... keyspace) { (check_value(keyspace, keyspace_rows()[at++], input), ...); },
      kKeyspaces);
}

}  // namespace confab::fuzz
