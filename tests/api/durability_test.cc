// When an answer is given: not before what it shows is durable.
#include <optional>

#include <gtest/gtest.h>

#include "tests/api/probe.h"

namespace confab {
namespace {

using probe::code_of;
using probe::Rest;

/// A request whose answer waits for the store.
struct Pending {
  Pending(Rest& rest, std::string_view path, std::string_view request_body) {
    rest.store.hold = true;
    rest.dispatcher.handle({.method = "POST", .target = Rest::target(path), .body = request_body},
                           [this](RestReply reply) { body = std::move(reply.body); });
  }
  std::optional<std::string> body;
};

TEST(Durability, NothingReadNothingToWaitFor) {
  Rest rest;
  const Pending pending(rest, "openim/probe", "{}");
  EXPECT_TRUE(pending.body);
  EXPECT_TRUE(rest.store.held.empty());
}

TEST(Durability, AWriteIsAnsweredWhenDurable) {
  Rest rest;
  const Pending pending(rest, "openim/probe", R"({"Store":2,"Text":"x"})");
  EXPECT_FALSE(pending.body);
  EXPECT_NE(rest.metrics.render().find("confab_requests_in_flight 1"), std::string::npos);
  ASSERT_EQ(rest.store.held.size(), 1U);
  rest.store.held[0](Status{});
  EXPECT_EQ(code_of(pending.body.value()), ErrorCode::kOk);
  EXPECT_NE(rest.metrics.render().find("confab_requests_in_flight 0"), std::string::npos);
}

TEST(Durability, ReadsAndRefusalsWaitToo) {
  Rest rest;
  EXPECT_EQ(code_of(rest.call("openim/probe", R"({"Store":2})")), ErrorCode::kOk);
  const Pending read(rest, "openim/probe", R"({"Store":1})");
  EXPECT_FALSE(read.body);
  const Pending refused(rest, "openim/probe", R"({"Store":1,"FailCode":20022})");
  EXPECT_FALSE(refused.body);
  ASSERT_EQ(rest.store.held.size(), 2U);
  rest.store.held[1](Status{});
  EXPECT_EQ(code_of(refused.body.value()), ErrorCode::kNoSuchMessage);
  EXPECT_FALSE(read.body);
  rest.store.held[0](Status{});
  EXPECT_EQ(code_of(read.body.value()), ErrorCode::kOk);
}

TEST(Durability, AnExceptionAfterAWriteWaitsToo) {
  Rest rest;
  const Pending pending(rest, "openim/probe", R"({"Store":2,"Throw":1})");
  ASSERT_EQ(rest.store.held.size(), 1U);
  rest.store.held[0](Status{});
  EXPECT_EQ(code_of(pending.body.value()), ErrorCode::kMessageInternal);
}

TEST(Durability, TheDeadlineCountsFromTheRequest) {  // A10
  Rest rest;
  const auto before = std::chrono::steady_clock::now();
  const Pending pending(rest, "openim/probe", R"({"Store":2})");
  const auto after = std::chrono::steady_clock::now();
  ASSERT_EQ(rest.store.deadlines.size(), 1U);
  EXPECT_GE(rest.store.deadlines[0], before + std::chrono::seconds(3));
  EXPECT_LE(rest.store.deadlines[0], after + std::chrono::seconds(3));
  rest.store.held[0](Status{});
}

struct Outcome {
  std::string_view path;
  ErrorCode from_store;
  ErrorCode answered;
};

class DurabilityFailure : public ::testing::TestWithParam<Outcome> {};

TEST_P(DurabilityFailure, TakesTheFamilysCode) {
  const auto& [path, from_store, answered] = GetParam();
  for (const auto* request : {R"({"Store":2,"Text":"shown"})", R"({"Store":2,"FailCode":-3})"}) {
    Rest rest;
    const Pending pending(rest, path, request);
    ASSERT_EQ(rest.store.held.size(), 1U);
    rest.store.held[0](fail(from_store, "disk"));
    EXPECT_EQ(code_of(pending.body.value()), answered);
    EXPECT_EQ(pending.body->find("shown"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Families,
    DurabilityFailure,
    ::testing::Values(
        Outcome{"im_open_login_svc/probe", ErrorCode::kNotDurableInTime,
                ErrorCode::kAccountTimeout},
        Outcome{"openim/probe", ErrorCode::kNotDurableInTime, ErrorCode::kGatewayTimeout},
        Outcome{"recentcontact/probe", ErrorCode::kNotDurableInTime, ErrorCode::kContactTimeout},
        Outcome{"im_open_login_svc/probe", ErrorCode::kInternal, ErrorCode::kAccountInternal},
        Outcome{"openim/probe", ErrorCode::kInternal, ErrorCode::kMessageInternal},
        Outcome{"recentcontact/probe", ErrorCode::kInternal, ErrorCode::kContactInternal},
        Outcome{"openim/probe", ErrorCode::kOverloaded, ErrorCode::kOverloaded},
        Outcome{"recentcontact/probe", ErrorCode::kOverloaded, ErrorCode::kOverloaded}));

}  // namespace
}  // namespace confab
