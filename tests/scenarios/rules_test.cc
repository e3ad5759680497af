// docs/rules.md says where each deletion rule is pinned; these tests hold it to that.
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/scenarios/scripts.h"

namespace confab::testing {
namespace {

constexpr int kLastRule = 45;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  EXPECT_TRUE(in) << "cannot read " << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs of letters, digits and the marks that occur in file names.
std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : std::string(text) + ' ') {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '/' ||
        (c == '.' && !word.empty())) {
      word += c;
      continue;
    }
    while (word.ends_with('.'))
      word.pop_back();
    if (!word.empty()) words.insert(word);
    word.clear();
  }
  return words;
}

std::string rules_text() {
  return text_of(SOURCE_TREE "/docs/rules.md");
}

TEST(Rules, EachDeletionRuleHasARow) {
  const auto rules = rules_text();
  for (int i = 1; i <= kLastRule; ++i) {
    EXPECT_NE(rules.find("\n| E" + std::to_string(i) + " |"), std::string::npos) << "E" << i;
  }
}

TEST(Rules, EachNamedTestExists) {
  std::size_t scripts = 0;
  for (const auto& word : words_of(rules_text())) {
    if (word.ends_with(".chat")) {
      ++scripts;
      EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(SCENARIOS) / word)) << word;
    } else if (word.ends_with("_test.cc")) {
      EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(SOURCE_TREE "/tests") / word))
          << word;
    }
  }
  EXPECT_GT(scripts, 0U);
}

TEST(Rules, EachScriptNamesTheRulesItPins) {
  std::istringstream lines(rules_text());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| E")) continue;
    const auto rule = line.substr(2, line.find(' ', 2) - 2);
    for (const auto& word : words_of(line)) {
      if (!word.ends_with(".chat")) continue;
      const auto script = words_of(text_of(std::filesystem::path(SCENARIOS) / word));
      EXPECT_TRUE(script.contains(rule)) << word << " does not mention " << rule;
    }
  }
}

TEST(Rules, EachScriptIsNamed) {
  const auto words = words_of(rules_text());
  for (const auto& script : all_scripts()) {
    EXPECT_TRUE(words.contains(script.filename().string())) << script.filename();
  }
}

}  // namespace
}  // namespace confab::testing
