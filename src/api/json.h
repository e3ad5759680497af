// JSON in: a parser and a view on what it parsed. Strict JSON (RFC 8259) in UTF-8: no comments, no
// trailing commas or text, no byte order mark, no lone surrogates. Also refused: more than 64
// levels, integers beyond 64 bits and other numbers beyond a double. Of members with the same name
// the first counts.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace confab {

/// kInteger: written without fraction and exponent; kNumber: any other number.
enum class JsonKind { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };

/// A value inside a parsed document; cheap to copy. Valid, with all text it gave out, until its
/// parser parses again or ends.
class JsonValue {
 public:
  JsonKind kind() const;
  bool is(JsonKind wanted) const { return kind() == wanted; }

  /// Nothing for another kind.
  std::optional<std::string_view> string() const;
  /// Nothing for other kinds and for integers that do not fit.
  std::optional<std::int64_t> integer() const;
  /// Of any number.
  std::optional<double> number() const;
  std::optional<bool> boolean() const;

  /// Nothing if there is none or this is no object.
  std::optional<JsonValue> member(std::string_view name) const;
  /// Items or members; 0 for other kinds.
  std::size_t size() const;
  /// Empty for other kinds.
  std::vector<JsonValue> items() const;
  std::vector<std::pair<std::string_view, JsonValue>> members() const;

  /// Appends the value as JSON text without spaces. Numbers with a fraction or exponent are
  /// written as the shortest text of the same double.
  void append_to(std::string& out) const;

 private:
  friend class JsonParser;
  using Words = std::array<std::uint64_t, 2>;

  explicit JsonValue(Words words) : words_(words) {}
  template <typename Element>
  static JsonValue wrap(const Element& element);

  Words words_;  // the library's element, whose type stays out of this header
};

/// Reuses its memory from document to document: one for each thread.
class JsonParser {
 public:
  static constexpr std::size_t kMaxDepth = 64;

  JsonParser();
  JsonParser(const JsonParser&) = delete;
  JsonParser& operator=(const JsonParser&) = delete;
  ~JsonParser();

  /// Nothing if `text` is not one JSON value. `text` may go away afterwards.
  std::optional<JsonValue> parse(std::string_view text);

 private:
  struct Library;
  std::unique_ptr<Library> library_;
};

bool is_valid_utf8(std::string_view text);

}  // namespace confab
