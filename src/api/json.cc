#include "api/json.h"

#include <bit>
#include <type_traits>

#include <simdjson.h>

#include "base/check.h"

namespace confab {
namespace {

using Element = simdjson::dom::element;

static_assert(sizeof(Element) == sizeof(std::array<std::uint64_t, 2>));
static_assert(std::is_trivially_copyable_v<Element>);

Element unwrap(const std::array<std::uint64_t, 2>& words) {
  return std::bit_cast<Element>(words);
}

template <typename T>
std::optional<T> get_as(const Element& element) {
  T value{};
  if (element.get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace

template <typename E>
JsonValue JsonValue::wrap(const E& element) {
  return JsonValue(std::bit_cast<Words>(element));
}

JsonKind JsonValue::kind() const {
  using simdjson::dom::element_type;
  switch (unwrap(words_).type()) {
    case element_type::ARRAY:
      return JsonKind::kArray;
    case element_type::OBJECT:
      return JsonKind::kObject;
    case element_type::INT64:
    case element_type::UINT64:
      return JsonKind::kInteger;
    case element_type::DOUBLE:
      return JsonKind::kNumber;
    case element_type::STRING:
      return JsonKind::kString;
    case element_type::BOOL:
      return JsonKind::kBoolean;
    case element_type::NULL_VALUE:
      break;
  }
  return JsonKind::kNull;
}

std::optional<std::string_view> JsonValue::string() const {
  return get_as<std::string_view>(unwrap(words_));
}

std::optional<std::int64_t> JsonValue::integer() const {
  return get_as<std::int64_t>(unwrap(words_));
}

std::optional<double> JsonValue::number() const {
  return get_as<double>(unwrap(words_));
}

std::optional<bool> JsonValue::boolean() const {
  return get_as<bool>(unwrap(words_));
}

std::optional<JsonValue> JsonValue::member(std::string_view name) const {
  const auto object = get_as<simdjson::dom::object>(unwrap(words_));
  if (!object) return std::nullopt;
  Element value;
  if (object->at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return wrap(value);
}

std::size_t JsonValue::size() const {
  const auto element = unwrap(words_);
  if (const auto array = get_as<simdjson::dom::array>(element)) return array->size();
  if (const auto object = get_as<simdjson::dom::object>(element)) return object->size();
  return 0;
}

std::vector<JsonValue> JsonValue::items() const {
  std::vector<JsonValue> items;
  if (const auto array = get_as<simdjson::dom::array>(unwrap(words_))) {
    items.reserve(array->size());
    for (const auto item : *array)
      items.push_back(wrap(item));
  }
  return items;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string_view, JsonValue>> members;
  if (const auto object = get_as<simdjson::dom::object>(unwrap(words_))) {
    members.reserve(object->size());
    for (const auto [name, value] : *object)
      members.emplace_back(name, wrap(value));
  }
  return members;
}

void JsonValue::append_to(std::string& out) const {
  out += simdjson::minify(unwrap(words_));
}

struct JsonParser::Library {
  simdjson::dom::parser parser;
};

JsonParser::JsonParser() : library_(std::make_unique<Library>()) {
  // The depth is set together with a first capacity and stays when the capacity grows.
  constexpr std::size_t kFirstCapacity = 4096;
  CHECK(library_->parser.allocate(kFirstCapacity, kMaxDepth) == simdjson::SUCCESS,
        "no memory for a JSON parser");
}

JsonParser::~JsonParser() = default;

std::optional<JsonValue> JsonParser::parse(std::string_view text) {
  Element root;
  if (library_->parser.parse(text).get(root) != simdjson::SUCCESS) return std::nullopt;
  return JsonValue::wrap(root);
}

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text);
}

}  // namespace confab
