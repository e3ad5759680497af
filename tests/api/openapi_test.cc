#include "api/openapi.h"

#include <gtest/gtest.h>

#include "api/registry.h"
#include "tests/api/probe.h"

namespace confab {
namespace {

struct Item {
  std::string user;
  static constexpr auto fields() {
    return std::tuple{Field{"UserID",
                            &Item::user,
                            {.required = true, .max_bytes = 32, .aliases = {"Identifier"}},
                            "A"}};
  }
};

struct Sample {
  std::vector<Item> items;
  std::int64_t type = 0;
  std::optional<std::uint32_t> seq;
  std::string peer;
  RawJson raw;

  static constexpr auto fields() {
    using Self = Sample;
    return std::tuple{
        Field{
            "CheckItem",
            &Self::items,
            {.required = true, .min_items = 1, .max_items = 100, .example = R"([{"UserID":"a"}])"},
            "Items"},
        Field{"Type", &Self::type, {.required = true, .min = 1, .max = 2}, "Kind"},
        Field{"MsgSeq", &Self::seq, {.code = ErrorCode::kBadMsgSeq}, "Seq"},
        Field{"To_Account",
              &Self::peer,
              {.required = true},
              "Peer",
              [](const Self& self) {
                return self.type == 1;
              }},
        Field{"Raw", &Self::raw, {}, "Anything"},
    };
  }
};

TEST(Schema, SaysWhatDescriptorsSay) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  write_schema<Sample>(w);
  w.end_object();
  EXPECT_EQ(
      out,
      R"({"type":"object","properties":{"CheckItem":{"type":"array","minItems":1,"maxItems":100,)"
      R"("items":{"type":"object","properties":{"UserID":{"type":"string","minLength":1,"maxLength":32,)"
      R"("x-max-bytes":32,"description":"A","x-aliases":["Identifier"]}},"required":["UserID"]},)"
      R"("description":"Items","examples":[[{"UserID":"a"}]]},)"
      R"("Type":{"type":"integer","minimum":1,"maximum":2,"description":"Kind"},)"
      R"("MsgSeq":{"type":"integer","minimum":0,"maximum":4294967295,"description":"Seq","x-error-code":90004},)"
      R"("To_Account":{"type":"string","minLength":1,"description":"Peer"},)"
      R"("Raw":{"description":"Anything"}},"required":["CheckItem","Type"]})");
}

TEST(Schema, ExampleHoldsTheFieldsThatHaveOne) {
  std::string out;
  JsonWriter w(out);
  write_example<Sample>(w);
  EXPECT_EQ(out, R"({"CheckItem":[{"UserID":"a"}]})");
}

void expect_every_row(EndpointTables tables) {
  const auto text = openapi_json(tables);
  JsonParser parser;
  const auto root = parser.parse(text);
  ASSERT_TRUE(root) << text;
  EXPECT_EQ(root->member("openapi")->string(), "3.1.0");
  EXPECT_FALSE(root->member("info")->member("version")->string()->empty());
  const auto content = [](JsonValue body) {
    return *body.member("content")->member("application/json");
  };
  std::size_t rows = 0;
  for (const auto table : tables) {
    for (const auto& row : table) {
      ++rows;
      const auto path = root->member("paths")->member("/v4/" + std::string(row.path));
      ASSERT_TRUE(path) << row.path;
      const auto post = *path->member("post");
      EXPECT_EQ(post.member("operationId")->string(), row.path);
      EXPECT_EQ(post.member("x-calls-per-second")->integer(), row.notes.calls_per_second);
      EXPECT_EQ(post.member("parameters")->size(), 5U);
      const auto request = content(*post.member("requestBody"));
      EXPECT_EQ(request.member("schema")->member("type")->string(), "object");
      EXPECT_TRUE(request.member("example")->is(JsonKind::kObject)) << row.path;
      const auto response = content(*post.member("responses")->member("200"));
      EXPECT_EQ(response.member("schema")->member("allOf")->size(), 2U);
    }
  }
  EXPECT_EQ(root->member("paths")->size(), rows);
}

TEST(OpenApi, HoldsEveryRow) {
  expect_every_row(probe::kTables);
}

TEST(OpenApi, HoldsEveryRowThatIsServed) {
  ASSERT_FALSE(rest_tables().empty());
  expect_every_row(rest_tables());
}

TEST(Registry, TheDispatcherTakesTheTablesThatAreServed) {
  probe::Rest rest;
  const Dispatcher served({.tables = rest_tables(),
                           .store = rest.store,
                           .clock = rest.clock,
                           .random = rest.random,
                           .apps = rest.apps,
                           .limits = rest.limits,
                           .metrics = rest.metrics});
  EXPECT_NE(rest.metrics.render().find("recentcontact/delete"), std::string::npos);
}

TEST(OpenApi, ListsOwnAndFamilyErrors) {
  JsonParser parser;
  const auto root = parser.parse(openapi_json(probe::kTables));
  const auto errors = root->member("paths")
                          ->member("/v4/openim/probe")
                          ->member("post")
                          ->member("x-errors")
                          ->items();
  std::vector<std::int64_t> codes;
  for (const auto error : errors)
    codes.push_back(*error.member("code")->integer());
  EXPECT_EQ(codes, (std::vector<std::int64_t>{20022, 90010, 90001, 90009, 91000, 60008}));
  EXPECT_EQ(errors.front().member("name")->string(), "kNoSuchMessage");
  EXPECT_EQ(errors.front().member("text")->string(), "message not found");
  EXPECT_EQ(root->member("x-errors")->size(), 15U);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  const auto text = openapi_json(probe::kTables);
  JsonParser parser;
  const auto root = *parser.parse(text);
  constexpr std::string_view kMark = R"("$ref":"#/components/)";
  std::size_t count = 0;
  for (auto at = text.find(kMark); at != text.npos; at = text.find(kMark, at + 1)) {
    const auto start = at + kMark.size();
    const auto reference = text.substr(start, text.find('"', start) - start);
    const auto slash = reference.find('/');
    const auto kind = root.member("components")->member(reference.substr(0, slash));
    ASSERT_TRUE(kind) << reference;
    EXPECT_TRUE(kind->member(reference.substr(slash + 1))) << reference;
    ++count;
  }
  EXPECT_EQ(count, 5U * 6U);
}

TEST(OpenApi, IsTheSameEachTime) {
  EXPECT_EQ(openapi_json(probe::kTables), openapi_json(probe::kTables));
}

}  // namespace
}  // namespace confab
