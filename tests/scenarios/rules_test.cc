// docs/rules.md says where each rule is pinned; these tests hold it to that.
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
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

/// How many rules a section has, by its letter.
const std::map<char, int> kSections{{'A', 16}, {'B', 12}, {'C', 10}, {'D', 28},
                                    {'E', 45}, {'F', 19}, {'G', 27}};

/// The number of a rule of `section`, as in "D12"; 0 for any other word.
int rule_number(const std::string& word, char section) {
  if (word.size() < 2 || word.size() > 3 || word.front() != section) return 0;
  const bool digits = word.find_first_not_of("0123456789", 1) == std::string::npos;
  return digits ? std::stoi(word.substr(1)) : 0;
}

/// The rules that the first columns of the tables name, alone or as "D1 to D3".
std::set<int> named_rules(char section) {
  std::set<int> named;
  std::istringstream lines(rules_text());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ")) continue;
    auto column = line.substr(2, line.find(" |", 2) - 2);
    std::erase(column, ',');
    std::istringstream words(column);
    int last = 0;
    bool is_range = false;
    for (std::string word; words >> word;) {
      const int number = rule_number(word, section);
      for (int i = is_range ? last : number; number != 0 && i <= number; ++i)
        named.insert(i);
      is_range = word == "to" && last != 0;
      if (!is_range) last = number;
    }
  }
  return named;
}

TEST(Rules, EachRuleOfTheServedSectionsIsNamed) {
  for (const auto& [section, count] : kSections) {
    const auto named = named_rules(section);
    for (int i = 1; i <= count; ++i)
      EXPECT_TRUE(named.contains(i)) << section << i;
    EXPECT_EQ(named.size(), static_cast<std::size_t>(count)) << section;
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
