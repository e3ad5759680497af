// A server on a free port with a handler that a test chooses, and the handlers that tests share.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "net/server.h"

namespace confab::test {

HttpResponse text(std::string body);

/// Answers at once with "<fault> <method> <target> <body>".
void echo(const HttpRequest& request, Respond respond);

/// Keeps requests until the test answers them. Thread-safe.
class HeldRequests {
 public:
  struct Held {
    HttpRequest request;
    Respond respond;
  };

  HttpHandler handler();
  /// Waits for the next request, in order of arrival.
  Held next();
  std::size_t arrived();

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Held> waiting_;
  std::size_t arrived_ = 0;
};

/// An empty directory that goes with its object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class ServerTest : public testing::Test {
 protected:
  /// Starts it with `options` and returns its port.
  std::uint16_t serve(HttpHandler handler);

  double open_connections() { return metric("confab_http_connections{server=\"test\"}"); }
  void wait_until_all_closed() { wait_for_metric("confab_http_connections{server=\"test\"}", 0); }
  /// The value of a series, e.g. `confab_http_connections{server="test"}`; 0 if there is none.
  double metric(const std::string& series);
  /// Returns once it has reached `value`.
  void wait_for_metric(const std::string& series, double value);

  Metrics metrics_;
  HttpServerOptions options_{.name = "test", .metrics = &metrics_};
  std::unique_ptr<HttpServer> server_;
};

}  // namespace confab::test
