// A running demo server as its operator and its clients see it. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/server/child.h"

namespace confab::testing {

/// A demo server with its printed lines.
class Running {
 public:
  Running(const std::vector<std::string>& words, const Variables& variables);

  const std::string& url() const { return url_; }
  std::string list() const { return shell(list_line_); }
  std::string delete_conversation() const { return shell(delete_line_); }
  /// The body and the status of a path that operators ask.
  std::string ops(const std::string& path) const {
    return shell("curl -w ' %{http_code}' " + ops_url_ + path);
  }
  const std::string& ops_url() const { return ops_url_; }
  /// A metric's value now; without it: a failure.
  double metric(const std::string& series) const;
  /// The printed line with more options, or with another body.
  std::string list_with(const std::string& options) const {
    return shell(list_line_ + " " + options);
  }
  std::string post(std::string_view command, const std::string& body) const;
  std::string send_text(const std::string& text) const;

  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
  }

  /// Whether curl takes the server's certificate for the one in the data directory.
  bool is_trusted() const {
    return run_program({"sh", "-c", list_line_ + " --silent"}).exit_code == 0;
  }

  Child& child() { return child_; }
  Finished stop();

 private:
  static std::string shell(const std::string& line);

  Child child_;
  std::string url_;
  std::string list_line_;
  std::string delete_line_;
  std::string ops_url_;
};

/// A plain connection, to send what curl would not.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection();

  void write(std::string_view text) const;
  /// Writes again and again and reads nothing, until the server has closed.
  void write_until_closed(std::string_view text) const;
  /// A request that the server waits for the rest of, its body "{}"; returns when it does.
  void begin_request() const;
  /// Until the server closes.
  std::string read_all() const;

 private:
  int socket_;
};

}  // namespace confab::testing
