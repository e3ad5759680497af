// Descriptors: a struct that travels as a JSON object lists its members once, in fields(), and
// decoding, encoding and the schema (api/schema.h) follow from the list.
//
//   struct Request {
//     std::string owner;
//     static constexpr auto fields() {
//       return std::tuple{Field{"From_Account", &Request::owner, {.required = true}, "Owner"}};
//     }
//   };
//
// A member is a std::string, std::int64_t, std::uint32_t, RawJson, a described struct, a type of
// its own (see CustomJson), or a std::vector or std::optional of these. Pure functions: any thread.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "api/json.h"
#include "base/json_writer.h"
#include "base/result.h"

namespace confab {

/// What a field must satisfy. A limit on strings or integers also holds for the items of an array.
struct Rules {
  static constexpr auto kNoMin = std::numeric_limits<std::int64_t>::min();
  static constexpr auto kNoMax = std::numeric_limits<std::int64_t>::max();

  /// Must be there; a string must not be empty.
  bool required = false;
  std::size_t min_bytes = 0;
  std::size_t max_bytes = 0;  // 0: no limit
  std::int64_t min = kNoMin;
  std::int64_t max = kNoMax;
  std::size_t min_items = 0;
  std::size_t max_items = 0;  // 0: no limit
  /// Integers above max become max.
  bool clamp = false;
  /// "" is a value of its own, not the same as absent.
  bool keep_empty = false;

  /// Missing, empty, out of limits. kInvalidField: the family's own code for parameters.
  ErrorCode code = ErrorCode::kInvalidField;
  std::optional<ErrorCode> type_code = std::nullopt;   // wrong JSON type; default: code
  std::optional<ErrorCode> count_code = std::nullopt;  // number of items; default: code
  std::optional<ErrorCode> empty_code = std::nullopt;  // no items; default: count_code

  /// Other names on the wire, tried in order when the documented one is absent, null or "".
  std::array<std::string_view, 4> aliases = {};
  /// A JSON value for the documentation and the tester.
  std::string_view example = {};
};

/// One member. `only_if` says from the members before it whether the field counts at all: when not,
/// it is neither decoded, whatever its value, nor encoded.
template <typename Owner, typename T>
struct Field {
  std::string_view name;
  T Owner::* member;
  Rules rules;
  std::string_view doc;
  bool (*only_if)(const Owner&) = nullptr;
};

template <typename Owner, typename T>
Field(std::string_view, T Owner::*, Rules, std::string_view) -> Field<Owner, T>;
template <typename Owner, typename T>
Field(std::string_view,
      T Owner::*,
      Rules,
      std::string_view,
      bool (*)(const std::type_identity_t<Owner>&)) -> Field<Owner, T>;

/// Any JSON value, kept as text without spaces. Empty: absent.
struct RawJson {
  std::string text;
  bool operator==(const RawJson&) const = default;
};

/// Where a value stands in the request; on the stack, names are borrowed.
struct FieldPath {
  const FieldPath* parent = nullptr;
  std::string_view name;               // of a member
  std::optional<std::size_t> index{};  // of an array's item

  /// "CheckItem[3].UserID".
  std::string text() const;
  /// An error about this field: "<path>: <what>".
  std::unexpected<Error> refuse(ErrorCode code, std::string_view what) const;
  /// "<path>: must be <wanted>, is <what it is>".
  std::unexpected<Error> refuse_type(ErrorCode code,
                                     std::string_view wanted,
                                     JsonValue actual) const;
};

/// `text` in quotes for an error's detail: cut to a bearable length, with control characters
/// escaped and bytes that are not UTF-8 replaced.
std::string quote_value(std::string_view text);

template <typename T>
concept Described = requires { T::fields(); };

/// A type that decodes and encodes itself. `schema` writes the members of its JSON Schema.
template <typename T>
concept CustomJson = requires(
    const T& self, JsonValue value, const FieldPath& path, std::string& out, JsonWriter& w) {
  { T::from_json(value, path) } -> std::same_as<Result<T>>;
  { self.to_json(out) } -> std::same_as<void>;
  { T::schema(w) } -> std::same_as<void>;
};

namespace fields {

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <typename T>
inline constexpr bool kIsVector = false;
template <typename T>
inline constexpr bool kIsVector<std::vector<T>> = true;

struct Found {
  std::string_view name;  // as the caller spelled it
  JsonValue value;
};

/// The field under its own name or an alias; nothing if it counts as absent.
std::optional<Found> find_member(JsonValue object, std::string_view name, const Rules& rules);

Status decode_text(JsonValue value, const FieldPath& path, const Rules& rules, std::string& out);
/// `lowest` and `highest`: what the member can hold.
Result<std::int64_t> decode_integer(JsonValue value,
                                    const FieldPath& path,
                                    const Rules& rules,
                                    std::int64_t lowest,
                                    std::int64_t highest);
Status check_array(JsonValue value, const FieldPath& path, const Rules& rules);

}  // namespace fields

template <typename T>
Status decode_json(JsonValue value, const FieldPath& path, const Rules& rules, T& out);

/// Fields in their order; the first violation is the error.
/// REQUIRES: `object` is an object.
template <Described T>
Status decode_members(JsonValue object, const FieldPath* parent, T& out) {
  Status status;
  const auto one = [&](const auto& field) {
    if (field.only_if != nullptr && !field.only_if(out)) return true;
    const auto found = fields::find_member(object, field.name, field.rules);
    const FieldPath path{parent, found ? found->name : field.name};
    if (found) {
      status = decode_json(found->value, path, field.rules, out.*field.member);
    } else if (field.rules.required) {
      status = path.refuse(field.rules.code, "missing");
    }
    return status.has_value();
  };
  static constexpr auto kFields = T::fields();
  std::apply([&](const auto&... field) { static_cast<void>((one(field) && ...)); }, kFields);
  return status;
}

template <typename T>
Status decode_json(JsonValue value, const FieldPath& path, const Rules& rules, T& out) {
  if constexpr (std::is_same_v<T, std::string>) {
    return fields::decode_text(value, path, rules, out);
  } else if constexpr (std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint32_t>) {
    using Limits = std::numeric_limits<T>;
    TRY(const auto number,
        fields::decode_integer(value, path, rules, Limits::min(), Limits::max()));
    out = static_cast<T>(number);
    return {};
  } else if constexpr (std::is_same_v<T, RawJson>) {
    out.text.clear();
    value.append_to(out.text);
    return {};
  } else if constexpr (fields::kIsOptional<T>) {
    return decode_json(value, path, rules, out.emplace());
  } else if constexpr (fields::kIsVector<T>) {
    TRY_STATUS(fields::check_array(value, path, rules));
    auto item_rules = rules;
    item_rules.required = false;
    std::size_t index = 0;
    for (const auto item : value.items()) {
      TRY_STATUS(decode_json(item, {&path, {}, index++}, item_rules, out.emplace_back()));
    }
    return {};
  } else if constexpr (CustomJson<T>) {
    TRY(out, T::from_json(value, path));
    return {};
  } else {
    static_assert(Described<T>, "not a type that travels as JSON");
    if (!value.is(JsonKind::kObject)) {
      return path.refuse_type(rules.type_code.value_or(rules.code), "an object", value);
    }
    return decode_members(value, &path, out);
  }
}

template <typename T>
void encode_json(const T& value, std::string& out);

namespace fields {

/// `,"name":` of one member, made by the compiler. Names are ours: nothing to escape.
template <typename T, std::size_t At>
inline constexpr auto kMemberStart = [] {
  constexpr std::string_view kName = std::get<At>(T::fields()).name;
  std::array<char, kName.size() + 4> text{',', '"'};
  auto* const end = std::ranges::copy(kName, text.begin() + 2).out;
  end[0] = '"';
  end[1] = ':';
  return text;
}();

}  // namespace fields

/// Appends the members with commas between them, also before the first one unless `out` ends with
/// the opening brace. What is absent is left out, nothing is ever null.
template <Described T>
void encode_members(const T& object, std::string& out) {
  static constexpr auto kFields = T::fields();
  const auto one = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
    constexpr auto& kField = std::get<At>(kFields);
    if constexpr (kField.only_if != nullptr) {
      if (!kField.only_if(object)) return;
    }
    const auto& value = object.*kField.member;
    using M = std::remove_cvref_t<decltype(value)>;
    if constexpr (fields::kIsOptional<M>) {
      if (!value) return;
    } else if constexpr (std::is_same_v<M, RawJson>) {
      if (value.text.empty()) return;
    }
    const std::string_view start(fields::kMemberStart<T, At>);
    out += start.substr(out.ends_with('{') ? 1 : 0);
    encode_json(value, out);
  };
  [&]<std::size_t... At>(std::index_sequence<At...>) {
    (one(std::integral_constant<std::size_t, At>{}), ...);
  }(std::make_index_sequence<std::tuple_size_v<decltype(kFields)>>{});
}

template <typename T>
void encode_json(const T& value, std::string& out) {
  if constexpr (std::is_same_v<T, std::string>) {
    append_json_string(out, value);
  } else if constexpr (std::is_integral_v<T>) {
    append_json_number(out, value);
  } else if constexpr (std::is_same_v<T, RawJson>) {
    out += value.text;
  } else if constexpr (fields::kIsOptional<T>) {
    encode_json(*value, out);
  } else if constexpr (fields::kIsVector<T>) {
    out += '[';
    for (const auto& item : value) {
      if (out.back() != '[') out += ',';
      encode_json(item, out);
    }
    out += ']';
  } else if constexpr (CustomJson<T>) {
    value.to_json(out);
  } else {
    static_assert(Described<T>, "not a type that travels as JSON");
    out += '{';
    encode_members(value, out);
    out += '}';
  }
}

}  // namespace confab
