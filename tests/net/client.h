// A client made of a blocking socket, which sends exactly the bytes that a test names. Its reads
// give up (and fail the test) after half a minute.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

struct ssl_st;

namespace confab::test {

struct Reply {
  unsigned status = 0;  // 0: the connection ended instead
  std::map<std::string, std::string> headers;
  std::string body;

  /// Empty if there is none. `name` in lower case.
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

struct TlsOffer {
  std::string alpn;     // wire form, e.g. "\x02h2"; empty: none
  int max_version = 0;  // of the protocol, as OpenSSL numbers it; 0: the newest
};

class Client {
 public:
  explicit Client(std::uint16_t port);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  bool is_connected() const { return socket_ >= 0; }

  /// True if the handshake succeeded; from then on everything is encrypted.
  bool start_tls(const TlsOffer& offer = {});
  std::string alpn() const;
  std::string tls_version() const;
  /// Of the server's certificate, in hexadecimal. After start_tls.
  std::string server_serial() const;

  /// False if the connection is gone.
  bool send(std::string_view bytes);
  void end_sending() const;
  /// Makes the receive window small, so that a server which writes much has to wait. Before any
  /// traffic.
  void take_little() const;

  /// True if something, or the end, can be read without waiting.
  bool has_input() const;
  /// The next whole answer, an interim one included. `head_only`: to a HEAD request.
  Reply read_reply(bool head_only = false);
  /// What is left until the connection ends, however it ends.
  std::string read_to_end();
  /// True if the server ends the connection without a further byte.
  bool ends();
  /// True if it ended by a reset. After read_to_end or ends.
  bool was_reset() const { return reset_; }
  /// True if it ended by TLS's own farewell. After read_to_end or ends.
  bool was_ended_properly() const;

 private:
  bool fill();

  int socket_;
  ssl_st* tls_ = nullptr;
  std::string input_;
  bool reset_ = false;
};

/// A request with a body, as an ordinary client sends it.
std::string post(std::string_view target, std::string_view body, std::string_view headers = "");

}  // namespace confab::test
