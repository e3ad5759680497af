// Plays operations on a server and on the naive model, and compares all that can be seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/model/operations.h"
#include "tests/model/texts.h"

namespace confab::testing {

struct Run {
  Engine engine;
  std::uint64_t seed;
};

class Comparison {
 public:
  explicit Comparison(const Run& run);

  const NaiveChat& model() const { return model_; }

  /// Plays one operation and compares everything that it can have touched, and some of the rest.
  /// Empty if all agree.
  std::string step(const Operation& operation);

 private:
  template <typename T>
  void expect(const std::string& what, const T& actual, const T& expected) {
    if (actual == expected) return;
    if constexpr (requires { text_of(actual); }) {
      complaints_.emplace_back(
          fmt::format("{} is{}\n   should be{}", what, text_of(actual), text_of(expected)));
    } else {
      complaints_.push_back(fmt::format("{} is {}, should be {}", what, actual, expected));
    }
  }

  void compare_users(bool settled);
  void compare_history(const std::string& user, const std::string& peer);
  void compare_unread(const std::string& user, const std::vector<std::string>& peers);
  void compare_notes(const Operation& operation);
  void compare_extensions(const Operation& operation);
  void compare_list(const std::string& user);
  void compare_late_list(const std::string& user);
  void compare_pages(const Operation& operation);

  void compare_groups(const Operation& operation, bool settled);
  void compare_group(const std::string& group, bool settled);
  void compare_joined(const std::string& user);
  void compare_group_ids();

  World world_;
  std::vector<std::string> complaints_;
  RestChat rest_;
  RestGroups rest_groups_;
  NaiveChat model_;
  Stage stage_{world_, rest_, rest_groups_, model_, {}};
  const bool late_merges_;
  unsigned steps_ = 0;  // varies the sizes of pages
};

}  // namespace confab::testing
