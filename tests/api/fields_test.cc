#include "api/fields.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

struct Item {
  std::string user;
  std::int64_t count = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"UserID", &Item::user, {.required = true, .max_bytes = 8}, "Account"},
        Field{"Count", &Item::count, {.min = 0}, "Number"},
    };
  }
};

/// Only these three letters in a row.
struct Abc {
  static Result<Abc> from_json(JsonValue value, const FieldPath& path) {
    if (value.string() == "abc") return Abc{};
    return path.refuse(ErrorCode::kBadMsgKey, "must be abc");
  }
  static void to_json(std::string& out) { out += R"("abc")"; }
  static void schema(JsonWriter& w) { w.member("const", "abc"); }
};

struct Everything {
  std::string owner;
  std::string nick;
  std::string cloud = "unset";
  std::int64_t type = 0;
  std::string peer;
  std::string group;
  std::uint32_t seq = 0;
  std::int64_t life = 0;
  std::int64_t limited = 0;
  std::optional<std::string> face;
  std::optional<std::uint32_t> random;
  std::optional<Item> extra;
  std::vector<std::string> names;
  std::vector<Item> items;
  RawJson raw;
  std::vector<Abc> abcs;

  static constexpr auto fields() {
    using Self = Everything;
    return std::tuple{
        Field{"From_Account",
              &Self::owner,
              {.required = true, .type_code = ErrorCode::kBadFromAccount},
              "Owner"},
        Field{"Nick",
              &Self::nick,
              {.min_bytes = 2, .max_bytes = 5, .code = ErrorCode::kProfileValueTooLong},
              "Nickname"},
        Field{"CloudCustomData", &Self::cloud, {.keep_empty = true}, "Kept with the message"},
        Field{"Type", &Self::type, {.min = 1, .max = 2, .aliases = {"type"}}, "Kind"},
        Field{"To_Account",
              &Self::peer,
              {.required = true},
              "Peer",
              [](const Self& self) {
                return self.type == 1;
              }},
        Field{"ToGroupid",
              &Self::group,
              {.required = true, .aliases = {"ToGroupId", "GroupId", "To_Account"}},
              "Group",
              [](const Self& self) {
                return self.type == 2;
              }},
        Field{"MsgSeq", &Self::seq, {.code = ErrorCode::kBadMsgSeq}, "Sequence"},
        Field{"MsgLifeTime", &Self::life, {.min = 0, .max = 604800, .clamp = true}, "Seconds"},
        Field{"AtMost", &Self::limited, {.max = 9}, "At most nine"},
        Field{"FaceUrl", &Self::face, {}, "Face"},
        Field{"MsgRandom", &Self::random, {}, "Random"},
        Field{"Extra", &Self::extra, {}, "Extra"},
        Field{"Names",
              &Self::names,
              {.max_bytes = 8, .min_items = 1, .max_items = 3, .count_code = ErrorCode::kBatchSize},
              "Names"},
        Field{"CheckItem", &Self::items, {.type_code = ErrorCode::kBadMsgBody}, "Items"},
        Field{"Raw", &Self::raw, {}, "Anything"},
        Field{"Abcs", &Self::abcs, {}, "Own type"},
    };
  }
};

/// Decodes `members`, with a From_Account unless it has one.
Result<Everything> decode(std::string members) {
  if (members.find("From_Account") == members.npos) {
    members = R"("From_Account":"me")" + (members.empty() ? "" : "," + members);
  }
  JsonParser parser;
  const auto root = parser.parse("{" + members + "}");
  if (!root) return fail(ErrorCode::kBadJson, members);
  Everything out;
  TRY_STATUS(decode_members(*root, nullptr, out));
  return out;
}

/// "code: detail" of a refusal.
std::string refusal(const std::string& members) {
  const auto decoded = decode(members);
  if (decoded) return "accepted";
  return std::string(error_entry(decoded.error().code).name) + " " + decoded.error().detail;
}

TEST(Fields, DecodesEveryKind) {
  const auto all = decode(
      R"("From_Account":"me","Nick":"Ida","Type":1,"To_Account":"you","MsgSeq":4294967295,)"
      R"("FaceUrl":"f","MsgRandom":7,"Extra":{"UserID":"x","Count":2},"Names":["a","b"],)"
      R"("CheckItem":[{"UserID":"u"},{"UserID":"v","Count":3}],"Raw":{"k": [1, "two"]},"Abcs":["abc"])");
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->owner, "me");
  EXPECT_EQ(all->nick, "Ida");
  EXPECT_EQ(all->peer, "you");
  EXPECT_EQ(all->seq, 4294967295U);
  EXPECT_EQ(all->face, "f");
  EXPECT_EQ(all->random, 7U);
  EXPECT_EQ(all->extra->count, 2);
  EXPECT_EQ(all->names, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(all->items.size(), 2U);
  EXPECT_EQ(all->items[1].user, "v");
  EXPECT_EQ(all->items[1].count, 3);
  EXPECT_EQ(all->raw.text, R"({"k":[1,"two"]})");
  EXPECT_EQ(all->abcs.size(), 1U);
}

TEST(Fields, UnknownMembersAreIgnored) {  // A15
  EXPECT_EQ(refusal(R"("From_Account":"me","Unknown":{"From_Account":1},"nick":7)"), "accepted");
}

TEST(Fields, NullAndEmptyTextAreAbsent) {
  const auto none = decode(
      R"("Nick":"","Type":null,"MsgSeq":"","FaceUrl":"","MsgRandom":null,"Extra":"","Names":"","Raw":null)");
  ASSERT_TRUE(none) << none.error().detail;
  EXPECT_FALSE(none->face);
  EXPECT_FALSE(none->random);
  EXPECT_FALSE(none->extra);
  EXPECT_TRUE(none->names.empty());
  EXPECT_TRUE(none->raw.text.empty());
}

TEST(Fields, EmptyTextIsKeptWhereItMeansSomething) {
  EXPECT_EQ(decode(R"("CloudCustomData":"")")->cloud, "");
  EXPECT_EQ(decode(R"("CloudCustomData":null)")->cloud, "unset");
}

TEST(Fields, RequiredMustBeThere) {
  EXPECT_EQ(refusal(R"("From_Account":null)"), "kInvalidField From_Account: missing");
  EXPECT_EQ(refusal(R"("From_Account":"")"), "kInvalidField From_Account: must not be empty");
  EXPECT_EQ(refusal(R"("Extra":{"Count":1})"), "kInvalidField Extra.UserID: missing");
  EXPECT_EQ(refusal(R"("CheckItem":[{"UserID":"a"},{"UserID":""}])"),
            "kInvalidField CheckItem[1].UserID: must not be empty");
}

TEST(Fields, WrongTypesNameBoth) {
  EXPECT_EQ(refusal(R"("From_Account":7)"),
            "kBadFromAccount From_Account: must be a string, is a number");
  EXPECT_EQ(refusal(R"("Nick":["a"])"), "kProfileValueTooLong Nick: must be a string, is an array");
  EXPECT_EQ(refusal(
                R"("CheckItem":[{"UserID":"a"},{"UserID":"b"},{"UserID":"c"},{"UserID":true}])"),
            "kInvalidField CheckItem[3].UserID: must be a string, is true or false");
  EXPECT_EQ(refusal(R"("CheckItem":{})"), "kBadMsgBody CheckItem: must be an array, is an object");
  EXPECT_EQ(refusal(R"("CheckItem":["a"])"),
            "kBadMsgBody CheckItem[0]: must be an object, is a string");
  EXPECT_EQ(refusal(R"("CheckItem":[null])"),
            "kBadMsgBody CheckItem[0]: must be an object, is null");
  EXPECT_EQ(refusal(R"("Extra":[])"), "kInvalidField Extra: must be an object, is an array");
}

TEST(Fields, IntegersAreIntegersOrPlainDecimals) {  // against A14, for the clients' sake
  EXPECT_EQ(decode(R"("Type":"2","GroupId":"g")")->type, 2);
  EXPECT_EQ(decode(R"("MsgSeq":"+12")")->seq, 12U);
  EXPECT_EQ(decode(R"("AtMost":"-12")")->limited, -12);
  for (const std::string value : {"1.0", "1e3", "\" 1\"", "\"1 \"", "\"0x1\"", "\"1.0\"", "\"+\"",
                                  "\"-\"", "\"+-1\"", "true", "[1]", "\"one\""}) {
    const auto refused = refusal("\"AtMost\":" + value);
    EXPECT_TRUE(refused.starts_with("kInvalidField AtMost: must be an integer, is ")) << refused;
  }
}

TEST(Fields, LimitsOnIntegers) {
  EXPECT_EQ(refusal(R"("Type":7)"), "kInvalidField Type: must be 1 to 2, is 7");
  EXPECT_EQ(refusal(R"("type":0)"), "kInvalidField type: must be 1 to 2, is 0");
  EXPECT_EQ(refusal(R"("Type":"7")"), "kInvalidField Type: must be 1 to 2, is \"7\"");
  EXPECT_EQ(refusal(R"("AtMost":10)"), "kInvalidField AtMost: must be at most 9, is 10");
  EXPECT_EQ(refusal(R"("AtMost":18446744073709551615)"),
            "kInvalidField AtMost: must be at most 9, is 18446744073709551615");
  EXPECT_EQ(refusal(R"("AtMost":"99999999999999999999")"),
            "kInvalidField AtMost: must be at most 9, is \"99999999999999999999\"");
  EXPECT_EQ(refusal(R"("Extra":{"UserID":"a","Count":-1})"),
            "kInvalidField Extra.Count: must be at least 0, is -1");
  EXPECT_EQ(refusal(R"("Extra":{"UserID":"a","Count":9223372036854775808})"),
            "kInvalidField Extra.Count: must be at least 0, is 9223372036854775808");
  EXPECT_EQ(refusal(R"("MsgSeq":-1)"), "kBadMsgSeq MsgSeq: must be 0 to 4294967295, is -1");
  EXPECT_EQ(refusal(R"("MsgSeq":4294967296)"),
            "kBadMsgSeq MsgSeq: must be 0 to 4294967295, is 4294967296");
}

TEST(Fields, ClampsAboveButNotBelow) {  // K41
  EXPECT_EQ(decode(R"("MsgLifeTime":604801)")->life, 604800);
  EXPECT_EQ(decode(R"("MsgLifeTime":18446744073709551615)")->life, 604800);
  EXPECT_EQ(decode(R"("MsgLifeTime":604799)")->life, 604799);
  EXPECT_EQ(refusal(R"("MsgLifeTime":-1)"),
            "kInvalidField MsgLifeTime: must be 0 to 604800, is -1");
}

TEST(Fields, LimitsOnBytes) {
  EXPECT_EQ(refusal(R"("Nick":"abcde")"), "accepted");
  EXPECT_EQ(refusal(R"("Nick":"你好")"), "kProfileValueTooLong Nick: 2 to 5 bytes, has 6");
  EXPECT_EQ(refusal(R"("Nick":"a")"), "kProfileValueTooLong Nick: 2 to 5 bytes, has 1");
  EXPECT_EQ(refusal(R"("Names":["a","123456789"])"),
            "kInvalidField Names[1]: at most 8 bytes, has 9");
}

TEST(Fields, LimitsOnItems) {
  EXPECT_EQ(refusal(R"("Names":[])"), "kBatchSize Names: 1 to 3 items, has 0");
  EXPECT_EQ(refusal(R"("Names":["a","b","c","d"])"), "kBatchSize Names: 1 to 3 items, has 4");
  EXPECT_EQ(refusal(R"("Names":["a","","c"])"), "accepted");
}

TEST(Fields, AliasesStandInForTheAbsentName) {  // K32
  EXPECT_EQ(decode(R"("Type":2,"ToGroupid":"a","GroupId":"b")")->group, "a");
  EXPECT_EQ(decode(R"("Type":2,"ToGroupid":"","GroupId":"b","ToGroupId":null)")->group, "b");
  EXPECT_EQ(decode(R"("type":2,"To_Account":"c")")->group, "c");
  EXPECT_EQ(decode(R"("Type":null,"type":1,"To_Account":"c")")->type, 1);
  EXPECT_EQ(refusal(R"("Type":2)"), "kInvalidField ToGroupid: missing");
  EXPECT_EQ(refusal(R"("Type":2,"ToGroupid":"")"), "kInvalidField ToGroupid: must not be empty");
  EXPECT_EQ(refusal(R"("Type":2,"GroupId":5)"),
            "kInvalidField GroupId: must be a string, is a number");
}

TEST(Fields, WhatDoesNotApplyIsIgnoredWhateverItIs) {  // E7
  const auto decoded = decode(R"("Type":1,"To_Account":"you","ToGroupid":{"x":1})");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->group, "");
  EXPECT_EQ(refusal(R"("Type":1,"ToGroupid":"g")"), "kInvalidField To_Account: missing");
}

TEST(Fields, FirstViolationInFieldOrderWins) {
  EXPECT_EQ(refusal(R"("AtMost":10,"Nick":"a","From_Account":1)"),
            "kBadFromAccount From_Account: must be a string, is a number");
  EXPECT_EQ(refusal(R"("AtMost":10,"Nick":"a")"), "kProfileValueTooLong Nick: 2 to 5 bytes, has 1");
}

TEST(Fields, OwnTypesGiveTheirOwnErrors) {
  EXPECT_EQ(refusal(R"("Abcs":["abc","abd"])"), "kBadMsgKey Abcs[1]: must be abc");
}

TEST(Fields, HostileValuesAreCutAndEscaped) {
  const auto longer = refusal("\"Type\":\"" + std::string(4000, '7') + "\"");
  EXPECT_EQ(longer, "kInvalidField Type: must be 1 to 2, is \"" + std::string(40, '7') + "…\"");
  EXPECT_EQ(quote_value("a\nb\"c"), R"("a\nb\"c")");
  EXPECT_EQ(quote_value("a\x7f"), R"("a?")");
  EXPECT_EQ(quote_value("a\xff\xc3"), R"("a??")");
  EXPECT_EQ(quote_value("é"), "\"é\"");
  // The cut falls inside the fourteenth character of three bytes.
  std::string chinese;
  for (int i = 0; i < 20; ++i)
    chinese += "你";
  EXPECT_EQ(quote_value(chinese), '"' + chinese.substr(0, 39) + "…\"");
  EXPECT_EQ(quote_value(std::string(100, '\x80')), '"' + std::string(40, '?') + "…\"");
}

TEST(Fields, EncodesWhatIsThere) {
  Everything all;
  all.owner = "a\"b";
  all.type = 1;
  all.peer = "you";
  all.group = "hidden";
  all.names = {"x", "y"};
  all.items = {{"u", 1}, {"v", 2}};
  all.abcs = {{}, {}};
  std::string out;
  encode_json(all, out);
  EXPECT_EQ(
      out,
      R"({"From_Account":"a\"b","Nick":"","CloudCustomData":"unset","Type":1,"To_Account":"you",)"
      R"("MsgSeq":0,"MsgLifeTime":0,"AtMost":0,"Names":["x","y"],)"
      R"("CheckItem":[{"UserID":"u","Count":1},{"UserID":"v","Count":2}],"Abcs":["abc","abc"]})");
  all.face = "";
  all.random = 0;
  all.extra = Item{"x", 3};
  all.raw.text = R"({"k":1})";
  out.clear();
  encode_json(all, out);
  for (const auto* member : {R"("FaceUrl":"")", R"("MsgRandom":0)",
                             R"("Extra":{"UserID":"x","Count":3})", R"("Raw":{"k":1})"}) {
    EXPECT_NE(out.find(member), out.npos) << member << " in " << out;
  }
}

TEST(Fields, MembersContinueAnObject) {
  std::string out = R"({"ErrorCode":0)";
  encode_members(Item{"u", 1}, out);
  EXPECT_EQ(out, R"({"ErrorCode":0,"UserID":"u","Count":1)");
}

}  // namespace
}  // namespace confab
