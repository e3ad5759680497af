// words dictionary: prints a dictionary for libFuzzer: names, values and codes of the REST API,
// from the description that the server gives of itself. words examples: prints each command with an
// example of its request, for seeds.py.
#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include "api/json.h"
#include "api/openapi.h"
#include "api/registry.h"
#include "base/check.h"
#include "base/json_writer.h"

namespace confab::fuzz {
namespace {

/// JSON texts.
using Words = std::set<std::string>;

void add(Words& words, JsonValue value) {
  std::string text;
  value.append_to(text);
  if (text.size() <= 64) words.insert(std::move(text));
}

void add_name(Words& words, std::string_view name) {
  std::string text;
  append_json_string(text, name);
  words.insert(text + ':');
}

void add_example(Words& words, JsonValue value) {
  add(words, value);
  for (const auto item : value.items())
    add_example(words, item);
  for (const auto& [name, member] : value.members()) {
    add_name(words, name);
    add_example(words, member);
  }
}

/// Members of schemas whose values are values of requests.
bool is_of_values(std::string_view name) {
  return name == "enum" || name == "const" || name == "example" || name == "default" ||
         name == "minimum" || name == "maximum";
}

void walk(Words& words, JsonValue value) {
  for (const auto item : value.items())
    walk(words, item);
  for (const auto& [name, member] : value.members()) {
    if (name == "properties") {
      for (const auto& [property, schema] : member.members())
        add_name(words, property);
    } else if (name == "code" && member.is(JsonKind::kInteger)) {
      add(words, member);
    } else if (is_of_values(name)) {
      add_example(words, member);
    }
    walk(words, member);
  }
}

void print(std::string_view word) {
  std::string line = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') line += '\\';
    line += c;
  }
  line += "\"";
  std::puts(line.c_str());
}

void print_dictionary() {
  JsonParser parser;
  const auto description = parser.parse(openapi_json(rest_tables()));
  CHECK(description.has_value(), "the description is not JSON");
  Words words;
  walk(words, *description);
  for (const auto& word : words)
    print(word);
  for (const auto table : rest_tables()) {
    for (const auto& row : table)
      print(row.path);
  }
  for (const auto* const word :
       {"sdkappid=", "identifier=", "usersig=", "contenttype=json",
        "Content-Length: ", "Transfer-Encoding: chunked", "Expect: 100-continue",
        "Connection: close", "\\ud800", "TLS.identifier", "TLS.userbuf"}) {
    print(word);
  }
  // Escapes are the dictionary's own.
  std::puts(R"("HTTP/1.1\x0d\x0a")");
  std::puts(R"("\x0d\x0a\x0d\x0a")");
}

void print_examples() {
  for (const auto table : rest_tables()) {
    for (const auto& row : table) {
      std::string example;
      JsonWriter w(example);
      row.request_example(w);
      std::printf("%s %s\n", std::string(row.path).c_str(), example.c_str());
    }
  }
}

}  // namespace
}  // namespace confab::fuzz

int main(int count, char** arguments) {
  const std::string_view what = count == 2 ? arguments[1] : "";
  if (what == "dictionary") {
    confab::fuzz::print_dictionary();
  } else if (what == "examples") {
    confab::fuzz::print_examples();
  } else {
    std::fputs("usage: words dictionary|examples\n", stderr);
    return 2;
  }
  return 0;
}
