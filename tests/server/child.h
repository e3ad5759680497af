// The program under test as a child process. One thread.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary_directory.h"

namespace confab::testing {

/// The child's whole environment, but for PATH.
using Variables = std::map<std::string, std::string>;

struct Finished {
  int exit_code = -1;  // -1: ended by a signal
  std::string out;
  std::string err;
};

class Child {
 public:
  /// `words`: the program and its arguments. `input` is all of its standard input.
  Child(const std::vector<std::string>& words,
        const Variables& variables,
        std::string_view input = {});
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Kills it if it still runs.
  ~Child();

  /// Reads its standard output up to the first line that begins so; nothing if it ends before.
  std::optional<std::string> line_beginning(std::string_view start);

  pid_t pid() const { return pid_; }
  void send_signal(int number) const;

  /// Until it ends by itself. Once.
  Finished wait();

 private:
  bool read_more();

  TemporaryDirectory directory_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string out_;
  std::size_t seen_ = 0;  // bytes of out_ that line_beginning has passed
};

/// Runs a program to its end.
Finished run_program(const std::vector<std::string>& words,
                     const Variables& variables = {},
                     std::string_view input = {});

/// Runs the confab of this build.
Finished run_confab(std::vector<std::string> arguments,
                    const Variables& variables = {},
                    std::string_view input = {});

std::vector<std::string> confab_words(std::vector<std::string> arguments);

}  // namespace confab::testing
