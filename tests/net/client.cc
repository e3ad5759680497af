#include "tests/net/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <span>
#include <utility>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace confab::test {
namespace {

constexpr int kPatienceSeconds = 30;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

SSL_CTX* client_context() {
  static SSL_CTX* const kContext = SSL_CTX_new(TLS_client_method());
  return kContext;
}

}  // namespace

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

Client::~Client() {
  SSL_free(tls_);
  if (socket_ >= 0) ::close(socket_);
}

bool Client::start_tls(const TlsOffer& offer) {
  tls_ = SSL_new(client_context());
  // The floor under test is the server's, so the client's own is taken away.
  SSL_set_security_level(tls_, 0);
  SSL_set_min_proto_version(tls_, 0);
  if (offer.max_version != 0) SSL_set_max_proto_version(tls_, offer.max_version);
  SSL_set_alpn_protos(tls_, reinterpret_cast<const unsigned char*>(offer.alpn.data()),
                      static_cast<unsigned>(offer.alpn.size()));
  SSL_set_fd(tls_, socket_);
  return SSL_connect(tls_) == 1;
}

std::string Client::alpn() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_, &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

std::string Client::tls_version() const {
  return SSL_get_version(tls_);
}

std::string Client::server_serial() const {
  const auto* const number = X509_get0_serialNumber(SSL_get0_peer_certificate(tls_));
  std::string hex;
  for (const auto byte : std::span(ASN1_STRING_get0_data(number),
                                   static_cast<std::size_t>(ASN1_STRING_length(number)))) {
    hex += "0123456789abcdef"[byte >> 4U];
    hex += "0123456789abcdef"[byte & 15U];
  }
  return hex;
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = bytes.size();
    const auto sent = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(size))
                                      : ::send(socket_, bytes.data(), size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::end_sending() const {
  ::shutdown(socket_, SHUT_WR);
}

void Client::take_little() const {
  const int bytes = 65536;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool Client::has_input() const {
  pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, 0) == 1;
}

bool Client::fill() {
  std::array<char, 16384> bytes{};
  const auto count = tls_ != nullptr ? SSL_read(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                     : ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) {
    reset_ = tls_ == nullptr && count < 0 && errno == ECONNRESET;
    EXPECT_FALSE(tls_ == nullptr && count < 0 && errno == EAGAIN) << "the server sent nothing";
    return false;
  }
  input_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

Reply Client::read_reply(bool head_only) {
  auto end_of_head = std::string::npos;
  while ((end_of_head = input_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return {};
  const std::string head = input_.substr(0, end_of_head + 2);
  input_.erase(0, end_of_head + 4);
  Reply reply;
  reply.status = static_cast<unsigned>(std::strtoul(head.c_str() + 9, nullptr, 10));
  for (auto line = head.find("\r\n") + 2; line < head.size(); line = head.find("\r\n", line) + 2) {
    const auto colon = head.find(": ", line);
    reply.headers[lower(head.substr(line, colon - line))] =
        head.substr(colon + 2, head.find("\r\n", line) - colon - 2);
  }
  const auto length = reply.headers.find("content-length");
  if (length == reply.headers.end() || head_only) return reply;
  const auto size = std::strtoul(length->second.c_str(), nullptr, 10);
  while (input_.size() < size)
    if (!fill()) return {};
  reply.body = input_.substr(0, size);
  input_.erase(0, size);
  if (input_.empty()) input_.shrink_to_fit();  // for tests that count memory
  return reply;
}

std::string Client::read_to_end() {
  while (fill()) {
  }
  return std::exchange(input_, {});
}

bool Client::ends() {
  return read_to_end().empty();
}

bool Client::was_ended_properly() const {
  return (SSL_get_shutdown(tls_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string post(std::string_view target, std::string_view body, std::string_view headers) {
  std::string out = "POST ";
  out += target;
  out += " HTTP/1.1\r\nHost: any\r\n";
  out += headers;
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  out += body;
  return out;
}

}  // namespace confab::test
