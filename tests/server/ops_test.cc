#include "server/ops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab {
namespace {

using ::testing::HasSubstr;

class Ops : public ::testing::Test {
 protected:
  HttpResponse ask(const std::string& target, const std::string& method = "GET") {
    HttpResponse answered;
    const auto handler = ops_handler(metrics_, [this] { return why_not_ready_; }, nullptr);
    handler({.method = method, .target = target, .body = {}},
            [&](HttpResponse response) { answered = std::move(response); });
    return answered;
  }

  Metrics metrics_;
  std::string why_not_ready_;
};

TEST_F(Ops, HealthIsOkWhateverTheStoreSays) {
  why_not_ready_ = "disk reserve reached";
  const auto answer = ask("/healthz");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "ok\n");
}

TEST_F(Ops, ReadinessTellsTheReason) {
  EXPECT_EQ(ask("/readyz").status, 200U);
  EXPECT_EQ(ask("/readyz?verbose").status, 200U);
  why_not_ready_ = "draining";
  EXPECT_EQ(ask("/readyz").status, 503U);
  EXPECT_EQ(ask("/readyz").body, "draining\n");
}

TEST_F(Ops, MetricsAreRendered) {
  metrics_.counter("confab_test_total", "Test.").add(3);
  const auto answer = ask("/metrics");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.content_type, HasSubstr("version=0.0.4"));
  EXPECT_THAT(answer.body, HasSubstr("confab_test_total 3"));
}

TEST_F(Ops, AnythingElseIsNotFound) {
  EXPECT_EQ(ask("/").status, 404U);
  EXPECT_EQ(ask("/healthz/x").status, 404U);
  EXPECT_EQ(ask("/healthz", "POST").status, 404U);
}

}  // namespace
}  // namespace confab
