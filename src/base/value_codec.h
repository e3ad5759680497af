// Stored values: a version byte, then the record's fields in the order of its fields() tuple.
// Integers are LEB128 varints, strings and lists of integers are length-prefixed. A record may grow
// at its end: fields that an older value does not hold keep their defaults, so no rewrite is ever
// needed. On disk: never reorder or remove a field.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace confab {

void append_varint(std::string& out, std::uint64_t value);

bool take_long_varint(std::string_view& in, std::uint64_t& value);

/// Takes a varint off the front of `in`; false if there is none.
inline bool take_varint(std::string_view& in, std::uint64_t& value) {
  const bool is_one_byte = !in.empty() && static_cast<unsigned char>(in.front()) < 0x80;
  if (!is_one_byte) return take_long_varint(in, value);
  value = static_cast<unsigned char>(in.front());
  in.remove_prefix(1);
  return true;
}

namespace value_codec {

inline constexpr char kVersion = 1;

template <typename T>
void append_field(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    append_varint(out, value.size());
    out += value;
  } else if constexpr (std::is_same_v<T, std::vector<std::uint32_t>>) {
    append_varint(out, value.size());
    for (const auto item : value)
      append_varint(out, item);
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    append_varint(out, value.size());
    for (const auto& item : value)
      append_field(out, item);
  } else {
    static_assert(std::is_unsigned_v<T>, "stored integers are unsigned");
    append_varint(out, value);
  }
}

inline bool take_text(std::string_view& in, std::uint64_t size, std::string& text) {
  if (size > in.size()) return false;
  text.assign(in.substr(0, size));
  in.remove_prefix(size);
  return true;
}

inline bool take_item(std::string_view& in, std::uint32_t& item) {
  std::uint64_t number = 0;
  if (!take_varint(in, number)) return false;
  item = static_cast<std::uint32_t>(number);
  return item == number;
}

inline bool take_item(std::string_view& in, std::string& item) {
  std::uint64_t size = 0;
  return take_varint(in, size) && take_text(in, size, item);
}

template <typename T>
bool take_field(std::string_view& in, T& value) {
  if (in.empty()) return true;  // written before this field existed
  std::uint64_t number = 0;
  if (!take_varint(in, number)) return false;
  if constexpr (std::is_same_v<T, std::string>) {
    return take_text(in, number, value);
  } else if constexpr (std::is_unsigned_v<T>) {
    value = static_cast<T>(number);
    return value == number;
  } else {
    if (number > in.size()) return false;  // an item takes a byte at least
    for (; number > 0; --number) {
      if (!take_item(in, value.emplace_back())) return false;
    }
    return true;
  }
}

}  // namespace value_codec

/// REQUIRES: T::fields(self) returns a std::tie of its members.
template <typename T>
std::string encode_value(const T& record) {
  std::string out(1, value_codec::kVersion);
  std::apply([&](const auto&... field) { (value_codec::append_field(out, field), ...); },
             T::fields(record));
  return out;
}

/// False if `bytes` was not written by encode_value, now or by an earlier release.
template <typename T>
bool decode_value(std::string_view bytes, T& record) {
  if (bytes.empty() || bytes.front() != value_codec::kVersion) return false;
  bytes.remove_prefix(1);
  record = T{};
  return std::apply([&](auto&... field) { return (value_codec::take_field(bytes, field) && ...); },
                    T::fields(record));
}

}  // namespace confab
