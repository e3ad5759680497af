// Bodies that are no JSON object are refused by every command with its family's code (K5), and
// strange ones get a code that the command's row lists; that nothing has changed after a refusal,
// and that what is stored is well-formed, ChatServer::call checks.
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "tests/fuzz/every_command.h"

namespace confab::fuzz {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (; times > 0; --times)
    out += text;
  return out;
}

/// JSON values, or what looks like one, that no JSON text may hold.
std::vector<std::string> bad_values() {
  using namespace std::string_literals;
  return {"\"\xff\"",
          "\"\xc0\x80\"",
          "\"\xed\xa0\x80\"",
          "\"\xf4\x90\x80\x80\"",
          "\"\xe4\xbd\"",
          R"("\ud800")",
          R"("\udc00\ud800")",
          R"("\ud83d")",
          "\"\x01\"",
          "\"\n\"",
          "\"a\0b\""s,
          R"("\x41")",
          R"("\u12")",
          "1e400",
          "99999999999999999999",
          "-99999999999999999999",
          "1" + std::string(400, '0'),
          "01",
          "+1",
          ".5",
          "1.",
          "0x10",
          "NaN",
          "Infinity",
          "nul",
          "'a'",
          "[1,]",
          "{\"a\"}",
          "/**/1",
          "",
          repeated("[", 64) + repeated("]", 64),
          repeated("{\"a\":", 64) + "1" + repeated("}", 64),
          repeated("[", 5000)};
}

/// Good JSON of the wrong kind, size or depth.
std::vector<std::string> strange_values() {
  return {"null",
          "true",
          "\"\"",
          "\" \"",
          R"("\u0000")",
          R"("id1\u0000")",
          R"("\u2028\u202e\u0085")",
          "0",
          "-0",
          "-1",
          "1.5",
          "1e308",
          "18446744073709551615",
          "-9223372036854775808",
          "4294967296",
          "\"99999999999999999999\"",
          "\"-1\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "[{}]",
          "[\"\"]",
          "[{\"To_Account\":{}}]",
          "\"" + std::string(100'000, 'x') + "\"",
          "[" + repeated("\"id1\",", 2000) + "\"id2\"]",
          "[" + repeated("{},", 600) + "{}]",
          repeated("[", 60) + repeated("]", 60)};
}

class EveryCommandJson : public EveryCommand {
 protected:
  struct Members {
    std::vector<std::string> names;   // as JSON
    std::vector<std::string> values;  // as JSON
  };

  static Members members_of(const std::string& sample) {
    JsonParser parser;
    Members members;
    const auto object = parser.parse(sample);
    if (!object) {
      ADD_FAILURE() << sample;
      return members;
    }
    for (const auto& [name, value] : object->members()) {
      members.names.push_back('"' + std::string(name) + '"');
      value.append_to(members.values.emplace_back());
    }
    return members;
  }

  /// The sample with another value of its member number `changed`.
  static std::string with_value(const Members& members,
                                std::size_t changed,
                                const std::string& value) {
    std::string out = "{";
    for (std::size_t i = 0; i < members.names.size(); ++i) {
      out += (i == 0 ? "" : ",") + members.names[i] + ':';
      out += i == changed ? value : members.values[i];
    }
    return out + '}';
  }

  std::string answer(const Endpoint& row, const std::string& body) {
    server_.rewind();
    return server_.call("admin", row, body).body;
  }

  void expect_bad_json(const Endpoint& row, const std::string& body) {
    const auto answer = server_.call("admin", row, body);
    EXPECT_EQ(answer.code, static_cast<int>(row.family().bad_json)) << body.substr(0, 300);
  }

  ChatServer server_;
};

TEST_F(EveryCommandJson, RefusesWhatIsNoJsonObject) {
  using namespace std::string_literals;
  const auto bad = bad_values();
  for_each_row([&](const Endpoint& row) {
    const auto sample = sample_of(row);
    for (std::size_t size = 1; size < sample.size(); ++size)
      expect_bad_json(row, sample.substr(0, size));
    for (const auto& end : {"}"s, " {}"s, ","s, "\0"s, "x"s, "//"s, "\xff"s, "[]"s})
      expect_bad_json(row, sample + end);
    for (const auto& body : {"["s + sample + "]", "7"s, "null"s, "true"s, "\"{}\""s, "\0"s, "\xff"s,
                             "\xfe\xff\0{\0}"s, "{\"\":}"s, ","s}) {
      expect_bad_json(row, body);
    }
    const auto members = members_of(sample);
    for (const auto& value : bad) {
      for (std::size_t i = 0; i < members.names.size(); ++i)
        expect_bad_json(row, with_value(members, i, value));
      // Also where nobody looks.
      expect_bad_json(row, sample.substr(0, sample.size() - 1) + ",\"Unknown\":" + value + "}");
    }
  });
}

TEST_F(EveryCommandJson, TakesNothingAsAnEmptyObject) {
  for_each_row([&](const Endpoint& row) {
    const auto empty = answer(row, "{}");
    for (const auto* body : {"", " ", "\r\n\t", "[]", " [ ] ", " { } "})
      EXPECT_EQ(answer(row, body), empty) << '"' << body << '"';
  });
}

TEST_F(EveryCommandJson, OfMembersWithOneNameTheFirstCounts) {
  for_each_row([&](const Endpoint& row) {
    const auto sample = sample_of(row);
    const auto once = answer(row, sample);
    for (const auto* value : {"7", "null", "\"id3\"", "[]", "{}"}) {
      auto twice = sample.substr(0, sample.size() - 1);
      for (const auto& name : members_of(sample).names)
        twice += ',' + name + ':' + value;
      EXPECT_EQ(answer(row, twice + '}'), once);
    }
  });
}

TEST_F(EveryCommandJson, AnswersADocumentedCodeToStrangeValues) {
  const auto strange = strange_values();
  for_each_row([&](const Endpoint& row) {
    const auto members = members_of(sample_of(row));
    for (std::size_t i = 0; i < members.names.size(); ++i) {
      for (const auto& value : strange)
        answer(row, with_value(members, i, value));
    }
  });
}

}  // namespace
}  // namespace confab::fuzz
