#include "tests/net/fixture.h"

#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

namespace confab::test {
namespace {

// By HttpRequest::Fault.
constexpr const char* kFaults[] = {"none",           "malformed", "header_too_large",
                                   "body_too_large", "timed_out", "overloaded"};

}  // namespace

HttpResponse text(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

void echo(const HttpRequest& request, Respond respond) {
  respond(text(std::string(kFaults[static_cast<int>(request.fault)]) + " " + request.method + " " +
               request.target + " " + request.body));
}

HttpHandler HeldRequests::handler() {
  return [this](const HttpRequest& request, Respond respond) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({request, std::move(respond)});
    ++arrived_;
    more_.notify_all();
  };
}

HeldRequests::Held HeldRequests::next() {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [&] { return !waiting_.empty(); });
  auto held = std::move(waiting_.front());
  waiting_.pop_front();
  return held;
}

std::size_t HeldRequests::arrived() {
  const std::lock_guard lock(mutex_);
  return arrived_;
}

TemporaryDirectory::TemporaryDirectory() : path_(testing::TempDir() + "confab-net-XXXXXX") {
  CHECK(::mkdtemp(path_.data()) != nullptr, "no temporary directory");
}

TemporaryDirectory::~TemporaryDirectory() {
  std::filesystem::remove_all(path_);
}

std::uint16_t ServerTest::serve(HttpHandler handler) {
  server_ = std::make_unique<HttpServer>(options_, std::move(handler));
  const auto port = server_->start();
  CHECK(port.has_value(), port ? "" : port.error().detail);
  return *port;
}

double ServerTest::metric(const std::string& series) {
  const auto text = "\n" + metrics_.render();
  const auto found = text.find("\n" + series + " ");
  if (found == std::string::npos) return 0;
  return std::strtod(text.c_str() + found + series.size() + 2, nullptr);
}

void ServerTest::wait_for_metric(const std::string& series, double value) {
  while (metric(series) != value)
    std::this_thread::yield();
}

}  // namespace confab::test
