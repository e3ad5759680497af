#include "base/metrics.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, RendersEveryKind) {
  Metrics metrics;
  metrics.counter("requests_total", "Requests", {{"code", "0"}}).add();
  metrics.counter("requests_total", "Requests", {{"code", "0"}}).add(2);
  metrics.counter("requests_total", "Requests", {{"code", "50002"}}).add();
  auto gauge = metrics.gauge("depth", "Queue depth");
  gauge.set(5);
  gauge.add(-2);
  auto histogram = metrics.histogram("seconds", "Latency", {0.1, 1});
  histogram.observe(0.05);
  histogram.observe(0.5);
  histogram.observe(5);
  double now = 7;
  metrics.gauge_from("sessions", "Open sessions", [&] { return now; });
  now = 8;

  const auto text = metrics.render();
  for (const std::string line :
       {"# HELP requests_total Requests\n# TYPE requests_total counter\n",
        "requests_total{code=\"0\"} 3\n", "requests_total{code=\"50002\"} 1\n", "depth 3\n",
        "seconds_bucket{le=\"0.1\"} 1\n", "seconds_bucket{le=\"1\"} 2\n",
        "seconds_bucket{le=\"+Inf\"} 3\n", "seconds_count 3\n", "sessions 8\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, EscapesLabels) {
  Metrics metrics;
  metrics.counter("c", "h", {{"l", "a\"b\nc"}}).add();
  EXPECT_THAT(metrics.render(), HasSubstr(R"(c{l="a\"b\nc"} 1)"));
}

TEST(Metrics, LatencyBoundsAscend) {
  EXPECT_TRUE(std::ranges::is_sorted(latency_bounds()));
  EXPECT_EQ(latency_bounds().front(), 0.0001);
  EXPECT_EQ(latency_bounds().back(), 5);
}

}  // namespace
}  // namespace confab
