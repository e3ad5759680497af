#include "base/key_codec.h"

#include <array>

namespace confab {
namespace {

constexpr std::string_view kTextEnd("\0\x01", 2);

template <typename T>
void append_big_endian(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    *byte = static_cast<char>(value & 0xffU);
    value >>= 8U;
  }
  out.append(bytes.data(), bytes.size());
}

template <typename T>
bool take_big_endian(std::string_view& in, T& value) {
  if (in.size() < sizeof(T)) return false;
  value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value << 8U) | static_cast<unsigned char>(in[i]);
  }
  in.remove_prefix(sizeof(T));
  return true;
}

}  // namespace

void append_key(std::string& out, std::uint8_t value) {
  out += static_cast<char>(value);
}
void append_key(std::string& out, std::uint32_t value) {
  append_big_endian(out, value);
}
void append_key(std::string& out, std::uint64_t value) {
  append_big_endian(out, value);
}

void append_key(std::string& out, std::string_view text) {
  for (auto zero = text.find('\0'); zero != text.npos; zero = text.find('\0')) {
    out += text.substr(0, zero + 1);
    out += '\xff';
    text.remove_prefix(zero + 1);
  }
  out += text;
  out += kTextEnd;
}

bool take_key(std::string_view& in, std::uint8_t& value) {
  if (in.empty()) return false;
  value = static_cast<unsigned char>(in.front());
  in.remove_prefix(1);
  return true;
}

bool take_key(std::string_view& in, std::uint32_t& value) {
  return take_big_endian(in, value);
}
bool take_key(std::string_view& in, std::uint64_t& value) {
  return take_big_endian(in, value);
}

bool take_key(std::string_view& in, std::string& text) {
  text.clear();
  while (true) {
    const auto zero = in.find('\0');
    if (zero == std::string_view::npos) return false;
    text += in.substr(0, zero);
    in.remove_prefix(zero + 1);
    if (in.empty()) return false;
    const char mark = in.front();
    in.remove_prefix(1);
    if (mark == '\x01') return true;
    if (mark != '\xff') return false;
    text += '\0';
  }
}

bool skip_key(std::string_view& in, std::uint32_t value) {
  std::uint32_t found = 0;
  return take_key(in, found) && found == value;
}

bool skip_key(std::string_view& in, std::string_view text) {
  const auto skip = [&in](std::string_view bytes) {
    if (!in.starts_with(bytes)) return false;
    in.remove_prefix(bytes.size());
    return true;
  };
  for (auto zero = text.find('\0'); zero != text.npos; zero = text.find('\0')) {
    if (!skip(text.substr(0, zero + 1)) || !skip("\xff")) return false;
    text.remove_prefix(zero + 1);
  }
  return skip(text) && skip(kTextEnd);
}

std::string after_prefix(std::string_view prefix) {
  std::string out(prefix);
  while (!out.empty() && out.back() == '\xff')
    out.pop_back();
  if (!out.empty()) ++out.back();
  return out;
}

}  // namespace confab
