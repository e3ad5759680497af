// Which rows compile: the rules are consteval, so the checks below are the test.
#include "api/endpoint.h"

#include <gtest/gtest.h>

#include "tests/api/probe.h"

namespace confab {
namespace {

consteval Notes notes(ErrorList errors) {
  return {.summary = "s", .errors = errors, .since = "0.1"};
}

static_assert(endpoint::is_well_formed("openim/sendmsg", notes({})));
static_assert(!endpoint::is_well_formed("openim", notes({})));
static_assert(!endpoint::is_well_formed("openim/", notes({})));
static_assert(!endpoint::is_well_formed("openim/a/b", notes({})));
static_assert(!endpoint::is_well_formed("/openim/a", notes({})));
static_assert(!endpoint::is_well_formed("nobody/sendmsg", notes({})));
static_assert(!endpoint::is_well_formed("openim/a", {.summary = "", .since = "0.1"}));
static_assert(!endpoint::is_well_formed("openim/a", {.summary = "s", .since = ""}));
static_assert(!endpoint::is_well_formed("openim/a",
                                        {.summary = "s", .calls_per_second = 0, .since = "0.1"}));
static_assert(!endpoint::is_well_formed(
    "openim/a", notes({ErrorCode::kNoSuchMessage, ErrorCode::kNoSuchMessage})));

struct Inner {
  std::string text;
  static constexpr auto fields() {
    return std::tuple{Field{"Text", &Inner::text, {.type_code = ErrorCode::kBadMsgKey}, "Text"}};
  }
};

struct Outer {
  std::vector<Inner> items;
  static constexpr auto fields() {
    return std::tuple{
        Field{"Items", &Outer::items, {.count_code = ErrorCode::kTooManyAccounts}, "Items"}};
  }
};

static_assert(endpoint::lists_field_codes<Outer>({ErrorCode::kBadMsgKey,
                                                  ErrorCode::kTooManyAccounts},
                                                 *find_family("openim")));
static_assert(!endpoint::lists_field_codes<Outer>({ErrorCode::kBadMsgKey}, *find_family("openim")));
static_assert(!endpoint::lists_field_codes<Outer>({ErrorCode::kTooManyAccounts},
                                                  *find_family("openim")));

static_assert(paths_are_unique(probe::kMessageRows));
constexpr Endpoint kTwice[] = {probe::kMessageRows[0], probe::kMessageRows[0]};
static_assert(!paths_are_unique(kTwice));

TEST(Endpoint, KnowsWhatItsHandlerMayAnswer) {
  const auto& row = probe::kMessageRows[0];
  EXPECT_TRUE(row.answers(ErrorCode::kNoSuchMessage));
  EXPECT_TRUE(row.answers(ErrorCode::kInvalidField));
  EXPECT_TRUE(row.answers(ErrorCode::kInternal));
  EXPECT_TRUE(row.answers(ErrorCode::kBadMessageFormat));
  EXPECT_FALSE(row.answers(ErrorCode::kContactNoAccount));
  EXPECT_FALSE(row.answers(ErrorCode::kContactInternal));
}

TEST(Families, TranslateOnlyTheInternalCodes) {
  const auto* family = find_family("recentcontact/delete");
  ASSERT_NE(family, nullptr);
  EXPECT_EQ(family->translate(ErrorCode::kInvalidField), ErrorCode::kContactParameter);
  EXPECT_EQ(family->translate(ErrorCode::kInternal), ErrorCode::kContactInternal);
  EXPECT_EQ(family->translate(ErrorCode::kNotDurableInTime), ErrorCode::kContactTimeout);
  EXPECT_EQ(family->translate(ErrorCode::kContactNoAccount), ErrorCode::kContactNoAccount);
  EXPECT_EQ(find_family("recentcontact")->service, "recentcontact");
  EXPECT_EQ(find_family("recentcontacts/delete"), nullptr);
  EXPECT_EQ(find_family(""), nullptr);
}

}  // namespace
}  // namespace confab
