// Order-preserving key encoding: comparing encoded bytes compares the fields one after the other.
// Integers are big-endian; text ends with 0x00 0x01 and a 0x00 inside is written as 0x00 0xFF, so
// no encoded text is a prefix of another and every byte string is allowed. On disk: never change.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace confab {

void append_key(std::string& out, std::uint8_t value);
void append_key(std::string& out, std::uint32_t value);
void append_key(std::string& out, std::uint64_t value);
void append_key(std::string& out, std::string_view text);
inline void append_key(std::string& out, const std::string& text) {
  append_key(out, std::string_view(text));
}

/// Each takes its field off the front of `in`; false, with `in` and `value` unspecified, if it is
/// not there.
bool take_key(std::string_view& in, std::uint8_t& value);
bool take_key(std::string_view& in, std::uint32_t& value);
bool take_key(std::string_view& in, std::uint64_t& value);
bool take_key(std::string_view& in, std::string& text);

/// Takes the encoding of just this text or number off the front of `in`; false, with `in`
/// unspecified, if something else is there.
bool skip_key(std::string_view& in, std::uint32_t value);
bool skip_key(std::string_view& in, std::string_view text);

/// The smallest string greater than every string that starts with `prefix`; empty if there is none.
std::string after_prefix(std::string_view prefix);

}  // namespace confab
