// The real program and those who call it over the wire. One thread for each caller.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/net/client.h"
#include "tests/server/child.h"

namespace confab::testing {

/// A demo server without TLS and rate limits.
class Program {
 public:
  /// `more`: variables beside these, or in their place. `before`: words before the program's own,
  /// like a shell that sets limits.
  explicit Program(const std::string& data_dir,
                   const Variables& more = {},
                   std::vector<std::string> before = {});

  /// 0 if it did not start.
  std::uint16_t port() const { return port_; }
  /// What operators ask, on one connection for each question.
  test::Reply ops(const std::string& path) const;
  /// A metric's value now; 0 if there is none yet.
  double metric(const std::string& series) const;
  std::string target(const std::string& command) const { return "/v4/" + command + query_; }
  pid_t pid() const { return child_.pid(); }
  Child& child() { return child_; }

  void kill_hard();
  /// Ends it as its operator does.
  Finished stop();

 private:
  Child child_;
  std::uint16_t port_ = 0;
  std::uint16_t ops_port_ = 0;
  std::string query_;  // with the demo admin's signature
};

/// Calls over one kept connection; nothing once the program has gone.
class Caller {
 public:
  explicit Caller(const Program& program) : program_(program), client_(program.port()) {}

  void send(const std::string& command, const std::string& body);
  std::optional<std::string> answer();
  std::optional<std::string> call(const std::string& command, const std::string& body);

 private:
  const Program& program_;
  test::Client client_;
};

bool is_ok(const std::optional<std::string>& answer);
/// 0: OK; -1: no answer.
int code_of(const std::optional<std::string>& answer);

std::string pair_body(const std::string& from, const std::string& to, const std::string& more);
/// What sendmsg takes. `text` stands for itself in JSON.
std::string message_body(const std::string& from,
                         const std::string& to,
                         int seq,
                         const std::string& text = "x");

/// The MsgSeqs that `viewer` sees, over all pages.
std::set<int> history(Caller& caller, const std::string& viewer, const std::string& peer);

/// Whether `peer` is in the conversation list of `user`.
bool lists(Caller& caller, const std::string& user, const std::string& peer);

}  // namespace confab::testing
