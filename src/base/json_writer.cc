#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace confab {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

void append_escape(std::string& out, char32_t point) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U})
    out += kDigits[(point >> shift) & 0xfU];
}

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_json_byte(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
        append_escape(out, byte);
      } else {
        out += c;
      }
  }
}

struct CodePoint {
  char32_t value;
  std::size_t bytes;  // 0: the text does not begin with one
};

CodePoint first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {0, 0};
  char32_t value = lead & (0x7fU >> bytes);
  for (const char c : text.substr(1, bytes - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80U) return {0, 0};
    value = value << 6U | (byte & 0x3fU);
  }
  const bool is_overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (is_overlong || is_surrogate || value > 0x10ffff) return {0, 0};
  return {value, bytes};
}

bool is_obeyed(char32_t point) {
  return (point >= 0x7f && point <= 0x9f) ||      // DEL and C1 controls
         point == 0x200e || point == 0x200f ||    // marks of direction
         (point >= 0x2028 && point <= 0x202e) ||  // separators, embeddings and overrides
         (point >= 0x2066 && point <= 0x2069);    // isolates
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const auto plain = std::ranges::find_if(text, needs_escape) - text.begin();
    out += text.substr(0, static_cast<std::size_t>(plain));
    text.remove_prefix(static_cast<std::size_t>(plain));
    if (text.empty()) break;
    append_json_byte(out, text.front());
    text.remove_prefix(1);
  }
  out += '"';
}

void append_visible_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto [point, bytes] = first_code_point(text);
    if (bytes == 0) {
      out += "\xef\xbf\xbd";
    } else if (is_obeyed(point)) {
      append_escape(out, point);
    } else if (bytes == 1) {
      append_json_byte(out, text.front());
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  out += '"';
}

std::string quote_cut(std::string_view text) {
  constexpr std::size_t kMaxBytes = 40;
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
  };
  const bool cut = text.size() > kMaxBytes;
  if (cut) {
    auto end = kMaxBytes;
    while (end > 0 && is_continuation(text[end]))
      --end;
    text = text.substr(0, end);
  }
  std::string out;
  append_visible_string(out, text);
  if (cut) out.insert(out.size() - 1, "…");
  return out;
}

void JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  first_ = true;
}

void JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

void JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
}

void JsonWriter::value(double number) {
  separate();
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out_.append(text.data(), end);
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

}  // namespace confab
