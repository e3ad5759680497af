// replay FILE|FOLDER...: plays inputs, without libFuzzer.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "tests/fuzz/target.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path))
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// False if the file cannot be read.
bool play(const fs::path& path) {
  // Said before, so that the last line names the input that ends the program.
  std::fprintf(stderr, "%s\n", path.c_str());
  std::ifstream file(path, std::ios::binary);
  const std::string input((std::istreambuf_iterator<char>(file)), {});
  if (!file) return false;
  confab::fuzz::run_input(input);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  confab::set_log_level(confab::LogLevel::kOff);
  std::size_t played = 0;
  for (const char* const path : std::span(arguments, static_cast<std::size_t>(count)).subspan(1)) {
    for (const auto& file : files_of(path)) {
      if (!play(file)) return 1;
      ++played;
    }
  }
  std::fprintf(stderr, "%zu inputs\n", played);
  return played == 0 ? 1 : 0;
}
