// JSON Schema (2020-12, as OpenAPI 3.1 uses it) and example values of described types.
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "api/fields.h"

namespace confab {

namespace schema {

// Limits of one type and the description of one field, as members of a schema.
void write_text_rules(JsonWriter& w, const Rules& rules);
void write_integer_rules(JsonWriter& w, std::int64_t min, std::int64_t max);
void write_array_rules(JsonWriter& w, const Rules& rules);
void write_field_notes(JsonWriter& w, std::string_view doc, const Rules& rules);

}  // namespace schema

template <Described T>
void write_schema(JsonWriter& w);

namespace schema {

/// The members of the schema of a value of type T; `w` stands inside an open object.
template <typename T>
void write_members(JsonWriter& w, const Rules& rules) {
  if constexpr (std::is_same_v<T, std::string>) {
    w.member("type", "string");
    write_text_rules(w, rules);
  } else if constexpr (std::is_integral_v<T>) {
    using Limits = std::numeric_limits<T>;
    w.member("type", "integer");
    write_integer_rules(w, std::max<std::int64_t>(rules.min, Limits::min()),
                        std::min<std::int64_t>(rules.max, Limits::max()));
  } else if constexpr (fields::kIsOptional<T>) {
    write_members<typename T::value_type>(w, rules);
  } else if constexpr (fields::kIsVector<T>) {
    w.member("type", "array");
    write_array_rules(w, rules);
    w.key("items");
    w.begin_object();
    write_members<typename T::value_type>(w, rules);
    w.end_object();
  } else if constexpr (CustomJson<T>) {
    T::schema(w);
  } else if constexpr (Described<T>) {
    write_schema<T>(w);
  }
}

}  // namespace schema

/// The members of T's schema; `w` stands inside an open object.
template <Described T>
void write_schema(JsonWriter& w) {
  w.member("type", "object");
  w.key("properties");
  w.begin_object();
  const auto property = [&]<typename M>(const Field<T, M>& field) {
    w.key(field.name);
    w.begin_object();
    schema::write_members<M>(w, field.rules);
    schema::write_field_notes(w, field.doc, field.rules);
    w.end_object();
  };
  std::apply([&](const auto&... field) { (property(field), ...); }, T::fields());
  w.end_object();
  w.key("required");
  w.begin_array();
  const auto name_if_required = [&](const auto& field) {
    if (field.rules.required && field.only_if == nullptr) w.value(field.name);
  };
  std::apply([&](const auto&... field) { (name_if_required(field), ...); }, T::fields());
  w.end_array();
}

/// An object of the fields that have an example, with these values.
template <Described T>
void write_example(JsonWriter& w) {
  w.begin_object();
  const auto one = [&](const auto& field) {
    if (field.rules.example.empty()) return;
    w.key(field.name);
    w.raw(field.rules.example);
  };
  std::apply([&](const auto&... field) { (one(field), ...); }, T::fields());
  w.end_object();
}

}  // namespace confab
