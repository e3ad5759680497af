#include "api/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab {
namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(Json, ReadsEachKind) {
  JsonParser parser;
  const auto root = parser.parse(
      R"({"null":null,"flag":true,"int":-7,"big":18446744073709551615,"real":1.5,"text":"a\u00e9\/","list":[1,2],"object":{"x":1}})");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->kind(), JsonKind::kObject);
  EXPECT_EQ(root->size(), 8U);
  EXPECT_EQ(root->member("null")->kind(), JsonKind::kNull);
  EXPECT_EQ(root->member("flag")->boolean(), true);
  EXPECT_EQ(root->member("int")->integer(), -7);
  EXPECT_EQ(root->member("int")->number(), -7.0);
  EXPECT_EQ(root->member("big")->kind(), JsonKind::kInteger);
  EXPECT_EQ(root->member("big")->integer(), std::nullopt);
  EXPECT_EQ(root->member("real")->kind(), JsonKind::kNumber);
  EXPECT_EQ(root->member("real")->integer(), std::nullopt);
  EXPECT_EQ(root->member("real")->number(), 1.5);
  EXPECT_EQ(root->member("text")->string(), "aé/");
  EXPECT_EQ(root->member("text")->integer(), std::nullopt);
  EXPECT_EQ(root->member("list")->items().at(1).integer(), 2);
  EXPECT_EQ(root->member("object")->members().at(0).first, "x");
  EXPECT_FALSE(root->member("absent"));
  EXPECT_FALSE(root->member("list")->member("x"));
  EXPECT_TRUE(root->member("int")->items().empty());
}

TEST(Json, AppendsTextWithoutSpaces) {
  JsonParser parser;
  std::string out = "=";
  parser.parse("{ \"b\" : [ 1 , 2.50, \"\\u4f60\\n\" ] ,\n \"a\" : { } , \"n\":null}")
      ->append_to(out);
  EXPECT_EQ(out, "={\"b\":[1,2.5,\"你\\n\"],\"a\":{},\"n\":null}");
}

TEST(Json, FirstOfDuplicateMembersCounts) {
  JsonParser parser;
  EXPECT_EQ(parser.parse(R"({"a":1,"a":2})")->member("a")->integer(), 1);
}

TEST(Json, RefusesWhatIsNotJson) {  // A13
  JsonParser parser;
  for (
      const auto* text :
      {"",           "  ",           "{",           "{}x",         "{}{}",         "{'a':1}",
       "{\"a\":1,}", "[1,]",         "{\"a\"}",     "// c\n{}",    "/* c */{}",    "nul",
       "01",         "+1",           ".5",          "\"a\nb\"",    "\"\\x\"",      "\xef\xbb\xbf{}",
       "\"\xff\"",   "\"\xc0\xaf\"", R"("\ud800")", R"("\udc00")", R"("\ud83dx")", "NaN"}) {
    EXPECT_FALSE(parser.parse(text)) << text;
  }
}

TEST(Json, RefusesNumbersThatNothingHolds) {
  JsonParser parser;
  EXPECT_TRUE(parser.parse("-9223372036854775808"));
  EXPECT_FALSE(parser.parse("-9223372036854775809"));
  EXPECT_FALSE(parser.parse(R"({"unknown":123456789012345678901})"));
  EXPECT_FALSE(parser.parse("1e400"));
}

TEST(Json, LimitsDepthAlsoAfterGrowing) {
  JsonParser parser;
  EXPECT_TRUE(parser.parse(nested(JsonParser::kMaxDepth - 1)));
  EXPECT_FALSE(parser.parse(nested(JsonParser::kMaxDepth + 1)));
  ASSERT_TRUE(parser.parse('"' + std::string(100'000, 'a') + '"'));
  EXPECT_TRUE(parser.parse(nested(JsonParser::kMaxDepth - 1)));
  EXPECT_FALSE(parser.parse(nested(JsonParser::kMaxDepth + 1)));
  EXPECT_FALSE(parser.parse(std::string(1'000'000, '[')));
}

TEST(Json, ParserIsReusableAfterAFailure) {
  JsonParser parser;
  EXPECT_FALSE(parser.parse("{"));
  EXPECT_TRUE(parser.parse("{}"));
}

TEST(Json, ValuesOutliveTheText) {
  JsonParser parser;
  std::string text = R"({"a":"b"})";
  const auto root = parser.parse(text);
  text.assign(text.size(), '#');
  EXPECT_EQ(root->member("a")->string(), "b");
}

TEST(Json, KnowsUtf8) {
  EXPECT_TRUE(is_valid_utf8("aé你😀"));
  EXPECT_FALSE(is_valid_utf8("\x80"));
  EXPECT_FALSE(is_valid_utf8("\xed\xa0\x80"));
}

}  // namespace
}  // namespace confab
