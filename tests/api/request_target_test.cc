#include "api/request_target.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(RequestTarget, TakesServiceAndCommand) {
  const auto target = parse_target("/v4/recentcontact/delete?sdkappid=1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "recentcontact/delete");
  EXPECT_EQ(parse_target("/v4/a/b")->path, "a/b");
  EXPECT_EQ(parse_target("/v4/ConfigSvc/GetIPList?")->path, "ConfigSvc/GetIPList");
  EXPECT_EQ(parse_target("http://chat.example:8080/v4/a/b?x=1")->path, "a/b");
  EXPECT_EQ(parse_target("https://chat.example/v4/a/b")->path, "a/b");
}

TEST(RequestTarget, RefusesOtherPaths) {  // K6
  for (const auto* target : {"", "/", "/v4", "/v4/", "/v4/a", "/v4/a/", "/v4//b", "/v4/a/b/",
                             "/v4/a/b/c", "/v3/a/b", "/V4/a/b", "v4/a/b", "//v4/a/b", "/x?/v4/a/b",
                             "*", "http://chat.example", "x?u=http://y/v4/a/b"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
}

TEST(RequestTarget, ParametersComeInAnyOrder) {
  const auto query = parse_target(
                         "/v4/a/b?contenttype=json&random=123456789012345678901&usersig=eJ*-_&"
                         "identifier=administrator&sdkappid=1400000000")
                         ->query;
  EXPECT_EQ(query.sdkappid, "1400000000");
  EXPECT_EQ(query.identifier, "administrator");
  EXPECT_EQ(query.usersig, "eJ*-_");
  EXPECT_EQ(query.contenttype, "json");
}

TEST(RequestTarget, AbsentIsNotEmpty) {
  const auto query = parse_target("/v4/a/b?usersig=&identifier&&=x&sdkappid=1=2")->query;
  EXPECT_EQ(query.usersig, "");
  EXPECT_EQ(query.identifier, "");
  EXPECT_EQ(query.contenttype, std::nullopt);
  EXPECT_EQ(query.sdkappid, "1=2");
}

TEST(RequestTarget, NamesAreCaseSensitive) {  // A1
  const auto query = parse_target("/v4/a/b?SdkAppId=1&UserSig=2")->query;
  EXPECT_EQ(query.sdkappid, std::nullopt);
  EXPECT_EQ(query.usersig, std::nullopt);
}

TEST(RequestTarget, FirstOfDuplicatesCounts) {
  const auto query = parse_target("/v4/a/b?identifier=a&identifier=b&usersig=&usersig=x")->query;
  EXPECT_EQ(query.identifier, "a");
  EXPECT_EQ(query.usersig, "");
}

TEST(RequestTarget, DecodesPercentAndPlus) {
  EXPECT_EQ(percent_decode("%2A%2a-_"), "**-_");
  EXPECT_EQ(percent_decode("%E4%BD%A0"), "你");
  EXPECT_EQ(percent_decode("你"), "你");
  EXPECT_EQ(percent_decode("a+b%2Bc"), "a b+c");
  EXPECT_EQ(percent_decode("%"), "%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%4g%-1"), "%zz%4g%-1");
  EXPECT_EQ(percent_decode("%00%41"), std::string("\0A", 2));
  EXPECT_EQ(parse_target("/v4/a/b?user%73ig=%65")->query.usersig, "e");
}

}  // namespace
}  // namespace confab
