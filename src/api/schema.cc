#include "api/schema.h"

namespace confab::schema {

void write_text_rules(JsonWriter& w, const Rules& rules) {
  // JSON Schema counts characters where the API counts bytes.
  if (rules.required || rules.min_bytes != 0) w.member("minLength", 1);
  if (rules.min_bytes != 0) w.member("x-min-bytes", rules.min_bytes);
  if (rules.max_bytes != 0) {
    w.member("maxLength", rules.max_bytes);
    w.member("x-max-bytes", rules.max_bytes);
  }
}

void write_integer_rules(JsonWriter& w, std::int64_t min, std::int64_t max) {
  if (min != Rules::kNoMin) w.member("minimum", min);
  if (max != Rules::kNoMax) w.member("maximum", max);
}

void write_array_rules(JsonWriter& w, const Rules& rules) {
  if (rules.min_items != 0) w.member("minItems", rules.min_items);
  if (rules.max_items != 0) w.member("maxItems", rules.max_items);
}

void write_field_notes(JsonWriter& w, std::string_view doc, const Rules& rules) {
  w.member("description", doc);
  if (!rules.example.empty()) {
    w.key("examples");
    w.begin_array();
    w.raw(rules.example);
    w.end_array();
  }
  if (!rules.aliases.front().empty()) {
    w.key("x-aliases");
    w.begin_array();
    for (const auto alias : rules.aliases) {
      if (!alias.empty()) w.value(alias);
    }
    w.end_array();
  }
  // Without a code of its own a field answers the family's, which the error list shows.
  if (rules.code != ErrorCode::kInvalidField) {
    w.member("x-error-code", static_cast<int>(rules.code));
  }
}

}  // namespace confab::schema
