// Appends JSON text to a string. No tree, no allocation of its own.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>

namespace confab {

/// `text` as a JSON string with its quotes. Control characters, quote and backslash are escaped;
/// bytes from 0x80 on are copied, so valid UTF-8 stays what it was.
void append_json_string(std::string& out, std::string_view text);

void append_json_number(std::string& out, std::integral auto number) {
  std::array<char, std::numeric_limits<decltype(number)>::digits10 + 2> text;  // sign, all digits
  const auto* const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out += std::string_view(text.data(), end);  // append(begin, end) would be slower
}

/// As append_json_string, for people: what a terminal or a reader of lines would obey is escaped as
/// well, that is DEL, C1 controls, separators of lines and marks that turn the direction of
/// writing; each byte that is no UTF-8 becomes the replacement character.
void append_visible_string(std::string& out, std::string_view text);

/// `text` as a visible string for an error's detail: cut after 40 bytes, with an ellipsis.
std::string quote_cut(std::string_view text);

/// Objects and arrays one member at a time: `JsonWriter w(out); w.begin_object(); w.member("A", 1);
/// …`.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  /// Inside an object, before its value.
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::integral auto number) {
    separate();
    append_json_number(out_, number);
  }
  void value(bool flag);
  void value(double number);

  /// `json` is copied as it is. REQUIRES: one complete JSON value.
  void raw(std::string_view json);

  void member(std::string_view name, const auto& member_value) {
    key(name);
    value(member_value);
  }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  std::string& out_;
  bool first_ = true;  // no comma before the next value
};

}  // namespace confab
