#include "api/fields.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/check.h"

namespace confab {
namespace {

std::string_view kind_in_words(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return "true or false";
    case JsonKind::kInteger:
      return "a number";
    case JsonKind::kNumber:
      return "a number with a fraction or exponent";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kArray:
      return "an array";
    case JsonKind::kObject:
      break;
  }
  return "an object";
}

std::string number_text(JsonValue value) {
  if (const auto text = value.string()) return quote_value(*text);
  std::string out;
  value.append_to(out);
  return out;
}

ErrorCode type_code(const Rules& rules) {
  return rules.type_code.value_or(rules.code);
}

/// "1 to 32", "at most 32", "at least 1"; an absent bound is the type's own end.
template <typename T>
std::string limits_text(T low, T high, T no_low, T no_high) {
  if (low == no_low && high != no_high) return fmt::format("at most {}", high);
  if (low != no_low && high == no_high) return fmt::format("at least {}", low);
  return fmt::format("{} to {}", low, high);
}

bool counts_as_absent(JsonValue value, bool keep_empty) {
  if (value.is(JsonKind::kNull)) return true;
  const auto text = value.string();
  return text && text->empty() && !keep_empty;
}

struct Number {
  std::int64_t value = 0;  // the nearest one that 64 bits can hold
  bool fits = true;
};

/// An integer, or a string that is one in plain decimal.
std::optional<Number> read_integer(JsonValue value) {
  if (const auto number = value.integer()) return Number{*number};
  if (value.is(JsonKind::kInteger)) return Number{Rules::kNoMax, false};
  auto text = value.string();
  if (!text || text->empty()) return std::nullopt;
  const bool negative = text->front() == '-';
  if (text->front() == '+' || negative) text->remove_prefix(1);
  if (text->empty() || !std::ranges::all_of(*text, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const char* start = negative ? text->data() - 1 : text->data();
  Number number;
  if (std::from_chars(start, text->data() + text->size(), number.value).ec != std::errc{}) {
    return Number{negative ? Rules::kNoMin : Rules::kNoMax, false};
  }
  return number;
}

}  // namespace

std::string FieldPath::text() const {
  std::string out = parent == nullptr ? std::string() : parent->text();
  if (index) return out + fmt::format("[{}]", *index);
  if (!out.empty()) out += '.';
  return out.append(name);
}

std::unexpected<Error> FieldPath::refuse(ErrorCode code, std::string_view what) const {
  return fail(code, text() + ": " + std::string(what));
}

std::unexpected<Error> FieldPath::refuse_type(ErrorCode code,
                                              std::string_view wanted,
                                              JsonValue actual) const {
  return refuse(code, fmt::format("must be {}, is {}", wanted, kind_in_words(actual.kind())));
}

std::string quote_value(std::string_view text) {
  std::string shown(text);
  std::ranges::replace(shown, '\x7f', '?');
  if (!is_valid_utf8(shown)) {
    std::ranges::replace_if(
        shown, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return quote_cut(shown);
}

namespace fields {

std::optional<Found> find_member(JsonValue object, std::string_view name, const Rules& rules) {
  const auto own = object.member(name);
  if (own && !counts_as_absent(*own, rules.keep_empty)) return Found{name, *own};
  for (const auto alias : rules.aliases) {
    if (alias.empty()) break;
    const auto other = object.member(alias);
    if (other && !counts_as_absent(*other, rules.keep_empty)) return Found{alias, *other};
  }
  // An empty string in a required field is told apart from a missing one.
  if (rules.required && own && own->is(JsonKind::kString)) return Found{name, *own};
  return std::nullopt;
}

Status decode_text(JsonValue value, const FieldPath& path, const Rules& rules, std::string& out) {
  const auto text = value.string();
  if (!text) return path.refuse_type(type_code(rules), "a string", value);
  if (rules.required && text->empty()) return path.refuse(rules.code, "must not be empty");
  const bool too_long = rules.max_bytes != 0 && text->size() > rules.max_bytes;
  if (too_long || text->size() < rules.min_bytes) {
    return path.refuse(rules.code,
                       fmt::format("{} bytes, has {}",
                                   limits_text<std::size_t>(rules.min_bytes, rules.max_bytes, 0, 0),
                                   text->size()));
  }
  out.assign(*text);
  return {};
}

Result<std::int64_t> decode_integer(JsonValue value,
                                    const FieldPath& path,
                                    const Rules& rules,
                                    std::int64_t lowest,
                                    std::int64_t highest) {
  const auto number = read_integer(value);
  if (!number) return path.refuse_type(type_code(rules), "an integer", value);
  const auto min = std::max(rules.min, lowest);
  const auto max = std::min(rules.max, highest);
  const bool above = number->value > max || (!number->fits && number->value == Rules::kNoMax);
  const bool below = number->value < min || (!number->fits && number->value == Rules::kNoMin);
  if (above && rules.clamp) return max;
  if (above || below) {
    return path.refuse(rules.code, fmt::format("must be {}, is {}",
                                               limits_text(min, max, Rules::kNoMin, Rules::kNoMax),
                                               number_text(value)));
  }
  return number->value;
}

Status check_array(JsonValue value, const FieldPath& path, const Rules& rules) {
  if (!value.is(JsonKind::kArray)) return path.refuse_type(type_code(rules), "an array", value);
  const auto size = value.size();
  if (size < rules.min_items || (rules.max_items != 0 && size > rules.max_items)) {
    const auto count_code = rules.count_code.value_or(rules.code);
    return path.refuse(size == 0 ? rules.empty_code.value_or(count_code) : count_code,
                       fmt::format("{} items, has {}",
                                   limits_text<std::size_t>(rules.min_items, rules.max_items, 0, 0),
                                   size));
  }
  return {};
}

}  // namespace fields
}  // namespace confab
