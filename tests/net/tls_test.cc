// The same server behind TLS, and what is negotiated.
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>

#include <openssl/ssl.h>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

const auto kNow = std::chrono::system_clock::time_point(std::chrono::seconds(1'760'000'000));

class TlsTest : public ServerTest {
 protected:
  TlsTest() {
    const auto made =
        ensure_self_signed_certificate(files_.certificate_path, files_.key_path, kNow);
    CHECK(made.has_value(), made ? "" : made.error().detail);
    options_.tls = files_;
  }

  void make_certificate_anew() const {
    std::filesystem::remove(files_.certificate_path);
    std::filesystem::remove(files_.key_path);
    ASSERT_TRUE(ensure_self_signed_certificate(files_.certificate_path, files_.key_path, kNow));
  }

  TemporaryDirectory directory_;
  TlsFiles files_{.certificate_path = directory_.file("cert.pem"),
                  .key_path = directory_.file("key.pem")};
};

TEST_F(TlsTest, ManyRequestsOnOneConnection) {
  Client client(serve(echo));
  ASSERT_TRUE(client.start_tls());
  for (int i = 0; i < 300; ++i) {
    client.send(post("/" + std::to_string(i), "{}"));
    ASSERT_EQ(client.read_reply().body, "none POST /" + std::to_string(i) + " {}");
  }
}

TEST_F(TlsTest, PipelinedLargeAnswersFromOtherThreads) {
  HeldRequests held;
  Client client(serve(held.handler()));
  ASSERT_TRUE(client.start_tls());
  const std::string large(std::size_t{1} << 20U, 'x');
  client.send(post("/a", large) + post("/b", "{}"));
  auto first = held.next();
  auto second = held.next();
  second.respond(text("second"));
  first.respond(text(large));
  EXPECT_EQ(client.read_reply().body, large);
  EXPECT_EQ(client.read_reply().body, "second");
}

TEST_F(TlsTest, AlpnChoosesHttp11) {
  const auto port = serve(echo);
  struct Row {
    std::string offered;
    std::string chosen;
  };
  for (const auto& row : {Row{"\x02h2\x08http/1.1", "http/1.1"}, Row{"\x08http/1.1", "http/1.1"},
                          Row{"\x02h2", ""}, Row{"", ""}}) {
    Client client(port);
    ASSERT_TRUE(client.start_tls({.alpn = row.offered}));
    EXPECT_EQ(client.alpn(), row.chosen);
    client.send(post("/a", "{}"));
    EXPECT_EQ(client.read_reply().status, 200);
  }
}

TEST_F(TlsTest, NothingBelowTls12) {
  const auto port = serve(echo);
  Client newest(port);
  ASSERT_TRUE(newest.start_tls());
  EXPECT_EQ(newest.tls_version(), "TLSv1.3");
  Client oldest(port);
  ASSERT_TRUE(oldest.start_tls({.max_version = TLS1_2_VERSION}));
  EXPECT_EQ(oldest.tls_version(), "TLSv1.2");
  Client too_old(port);
  EXPECT_FALSE(too_old.start_tls({.max_version = TLS1_1_VERSION}));
}

TEST_F(TlsTest, ConnectionCloseEndsTheSession) {
  Client client(serve(echo));
  ASSERT_TRUE(client.start_tls());
  client.send(post("/a", "{}", "Connection: close\r\n"));
  EXPECT_EQ(client.read_reply().body, "none POST /a {}");
  EXPECT_TRUE(client.ends());
  EXPECT_TRUE(client.was_ended_properly());
}

TEST_F(TlsTest, TooLargeABodyIsRefusedAndItsClientReadsTheAnswer) {
  Client client(serve(echo));
  ASSERT_TRUE(client.start_tls());
  EXPECT_TRUE(client.send(post("/a", std::string(options_.max_body_bytes + 1, 'x'))));
  EXPECT_EQ(client.read_reply().body, "body_too_large   ");
  EXPECT_TRUE(client.ends());
}

TEST_F(TlsTest, PlainRequestIsCutOff) {
  Client client(serve(echo));
  client.send(post("/a", "{}"));
  EXPECT_EQ(client.read_to_end().find("HTTP"), std::string::npos);
  wait_until_all_closed();
}

TEST_F(TlsTest, HandshakeHasTheHeaderLimit) {
  options_.header_timeout = std::chrono::milliseconds(40);
  Client client(serve(echo));
  client.send("\x16\x03\x01");
  EXPECT_TRUE(client.ends());
}

TEST_F(TlsTest, SilentConnectionIsClosed) {
  options_.header_timeout = std::chrono::milliseconds(40);
  Client client(serve(echo));
  client.start_tls();  // in vain, if this machine is slow
  EXPECT_TRUE(client.ends());
}

TEST_F(TlsTest, IdleConnectionIsClosed) {
  options_.idle_timeout = std::chrono::milliseconds(40);
  Client client(serve(echo));
  ASSERT_TRUE(client.start_tls());
  client.send(post("/a", "{}"));
  EXPECT_EQ(client.read_reply().status, 200);
  EXPECT_TRUE(client.ends());
}

TEST_F(TlsTest, DrainAnswersWhatWasAccepted) {
  HeldRequests held;
  Client client(serve(held.handler()));
  ASSERT_TRUE(client.start_tls());
  client.send(post("/a", "{}"));
  auto request = held.next();
  EXPECT_FALSE(server_->drain(std::chrono::steady_clock::now()));
  request.respond(text("last"));
  EXPECT_EQ(client.read_reply().header("connection"), "close");
  EXPECT_TRUE(client.ends());
}

TEST_F(TlsTest, NewConnectionsGetTheReloadedCertificate) {
  const auto port = serve(echo);
  Client before(port);
  ASSERT_TRUE(before.start_tls());
  make_certificate_anew();
  ASSERT_TRUE(server_->reload_tls());
  Client after(port);
  ASSERT_TRUE(after.start_tls());
  EXPECT_NE(after.server_serial(), before.server_serial());
  for (auto* client : {&before, &after}) {
    client->send(post("/a", "{}"));
    EXPECT_EQ(client->read_reply().body, "none POST /a {}");
  }
}

TEST_F(TlsTest, ABadCertificateChangesNothing) {
  const auto port = serve(echo);
  Client before(port);
  ASSERT_TRUE(before.start_tls());
  const auto key = files_.key_path;
  std::filesystem::rename(key, key + ".old");
  make_certificate_anew();
  // The key of another certificate.
  std::filesystem::rename(key + ".old", key);
  const auto reloaded = server_->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_NE(reloaded.error().detail.find(files_.certificate_path), std::string::npos);
  Client after(port);
  ASSERT_TRUE(after.start_tls());
  EXPECT_EQ(after.server_serial(), before.server_serial());
}

TEST_F(TlsTest, ReloadsWhileClientsConnect) {
  const auto port = serve(echo);
  std::jthread reloading([this](const std::stop_token& stop) {
    while (!stop.stop_requested())
      EXPECT_TRUE(server_->reload_tls());
  });
  for (int i = 0; i < 50; ++i) {
    Client client(port);
    ASSERT_TRUE(client.start_tls());
    client.send(post("/a", "{}"));
    ASSERT_EQ(client.read_reply().status, 200U);
  }
}

TEST_F(ServerTest, PlainHttpHasNothingToReload) {
  serve(echo);
  EXPECT_TRUE(server_->reload_tls());
}

/// What a shell command writes.
std::string output_of(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): the command is this test's own
  auto* const pipe = ::popen(command.c_str(), "r");
  CHECK(pipe != nullptr, "no pipe");
  std::string output;
  std::array<char, 4096> bytes{};
  while (const auto count = std::fread(bytes.data(), 1, bytes.size(), pipe))
    output.append(bytes.data(), count);
  ::pclose(pipe);
  return output;
}

TEST_F(TlsTest, CurlTrustsTheCertificateForEveryNameItHas) {
  // curl judges validity by the machine's clock.
  options_.tls = TlsFiles{directory_.file("now-cert.pem"), directory_.file("now-key.pem")};
  const auto& certificate = options_.tls->certificate_path;
  ASSERT_TRUE(
      ensure_self_signed_certificate(certificate, options_.tls->key_path, SystemClock().now()));
  const auto port = std::to_string(serve(echo));
  const std::string curl = "curl -sS --max-time 30 --noproxy '*' --cacert " + certificate +
                           " --connect-to '::127.0.0.1:" + port + "' -d '{}' https://";
  const std::string path = ":" + port + "/a 2>&1";
  const auto answer_from = [&](std::string_view host) {
    auto command = curl;
    command.append(host).append(path);
    return output_of(command);
  };
  for (const auto* host : {"localhost", "127.0.0.1", "console.tim.qq.com",
                           "adminapisgp.im.qcloud.com", "adminapiidn.im.qcloud.com"})
    EXPECT_EQ(answer_from(host), "none POST /a {}") << host;
  EXPECT_NE(answer_from("example.com"), "none POST /a {}");
}

}  // namespace
}  // namespace confab::test
