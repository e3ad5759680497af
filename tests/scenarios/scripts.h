// The scripts of this folder.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

namespace confab::testing {

inline std::vector<std::filesystem::path> all_scripts() {
  std::vector<std::filesystem::path> scripts;
  for (const auto& entry : std::filesystem::directory_iterator(SCENARIOS)) {
    if (entry.path().extension() == ".chat") scripts.push_back(entry.path());
  }
  std::ranges::sort(scripts);
  return scripts;
}

}  // namespace confab::testing
