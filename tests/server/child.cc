#include "tests/server/child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>

#include <spawn.h>

namespace confab::testing {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Child::Child(const std::vector<std::string>& words,
             const Variables& variables,
             std::string_view input) {
  const auto in = (directory_.path() / "in").string();
  const auto err = (directory_.path() / "err").string();
  std::ofstream(in) << input;

  std::array<int, 2> pipe_ends{};
  EXPECT_EQ(pipe2(pipe_ends.data(), O_CLOEXEC), 0);
  output_ = pipe_ends[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT,
                                   S_IRUSR | S_IWUSR);

  auto arguments = words;
  std::vector<std::string> environment = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  for (const auto& [name, value] : variables)
    environment.push_back(std::string(name).append("=").append(value));
  const int error = posix_spawnp(&pid_, words.front().c_str(), &actions, nullptr,
                                 pointers_to(arguments).data(), pointers_to(environment).data());
  if (error != 0) {
    ADD_FAILURE() << "cannot start " << words.front();
    pid_ = -1;
  }
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
}

Child::~Child() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(output_);
}

bool Child::read_more() {
  std::array<char, 4096> block{};
  const auto got = read(output_, block.data(), block.size());
  if (got <= 0) return false;
  out_.append(block.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> Child::line_beginning(std::string_view start) {
  while (true) {
    const auto end = out_.find('\n', seen_);
    if (end == std::string::npos) {
      if (!read_more()) return std::nullopt;
      continue;
    }
    auto line = out_.substr(seen_, end - seen_);
    seen_ = end + 1;
    if (line.starts_with(start)) return line;
  }
}

void Child::send_signal(int number) const {
  // To kill(), a pid that is not a child's means everybody.
  ASSERT_GT(pid_, 0) << "no such child";
  ASSERT_EQ(kill(pid_, number), 0);
}

Finished Child::wait() {
  while (read_more()) {
  }
  int status = -1;
  if (pid_ > 0) {
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
  } else {
    ADD_FAILURE() << "no such child";
  }
  pid_ = -1;
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = out_,
          .err = content_of(directory_.path() / "err")};
}

Finished run_program(const std::vector<std::string>& words,
                     const Variables& variables,
                     std::string_view input) {
  return Child(words, variables, input).wait();
}

std::vector<std::string> confab_words(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), CONFAB_PROGRAM);
  return arguments;
}

Finished run_confab(std::vector<std::string> arguments,
                    const Variables& variables,
                    std::string_view input) {
  return run_program(confab_words(std::move(arguments)), variables, input);
}

}  // namespace confab::testing
