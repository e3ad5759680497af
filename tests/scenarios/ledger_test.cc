// The ledger: what the commands' tables promise and no script ever sees fails here, by name.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/registry.h"
#include "tests/scenarios/scripts.h"
#include "tests/support/scenario.h"

namespace confab::testing {
namespace {

struct Unseen {
  std::string_view command;
  ErrorCode code;
  std::string_view why;

  bool is(std::string_view other_command, ErrorCode other_code) const {
    return command == other_command && code == other_code;
  }
};

// What scripts cannot produce. An entry that a script does produce is an error as well.
constexpr Unseen kUnseenOfCommand[] = {
    {"openim/admin_msgwithdraw", ErrorCode::kBadMessageFormat,
     "each of its fields has a code of its own"},
    {"group_open_http_svc/get_appid_group_list", ErrorCode::kAnswerTooLarge,
     "needs nearly ten thousand groups whose names are all quotes"},
};
constexpr Unseen kUnseenAtAll[] = {
    {"", ErrorCode::kOverloaded, "needs thousands of answers that wait: api/durability_test.cc"},
    {"", ErrorCode::kTooManyMarked, "stands in items, never in the envelope: contact_groups.chat"},
    {"", ErrorCode::kExtensionConflict, "stands in items, never in the envelope: extensions.chat"},
    {"", ErrorCode::kNoSuchContactTarget,
     "stands in items, never in the envelope: group_marks.chat"},
    {"", ErrorCode::kRecallNoMessage, "stands in items, never in the envelope: group_recall.chat"},
    {"", ErrorCode::kRecallRefused, "stands in items, never in the envelope: group_recall.chat"},
};

bool is_excused(std::span<const Unseen> excuses, std::string_view command, ErrorCode code) {
  return std::ranges::any_of(excuses, [&](const Unseen& each) { return each.is(command, code); });
}

std::vector<ErrorCode> promised_codes(const Endpoint& row) {
  const auto& family = row.family();
  std::vector<ErrorCode> codes{ErrorCode::kOk,
                               family.parameter,
                               family.bad_json,
                               family.admin_required,
                               family.internal,
                               family.timeout,
                               ErrorCode::kCommandRateExceeded};
  codes.insert(codes.end(), row.notes.errors.begin(), row.notes.errors.end());
  return codes;
}

const AnsweredCodes& answered() {
  static const AnsweredCodes kCodes = [] {
    AnsweredCodes gathered;
    for (const auto& script : all_scripts())
      run_scenario(script, {.answered = &gathered});
    return gathered;
  }();
  return kCodes;
}

TEST(Ledger, EachCommandAnswersEachCodeThatItsTableLists) {
  for (const auto table : rest_tables()) {
    for (const auto& row : table) {
      for (const auto code : promised_codes(row)) {
        const bool seen = answered().contains({std::string(row.path), static_cast<int>(code)});
        EXPECT_NE(seen, is_excused(kUnseenOfCommand, row.path, code))
            << row.path << " and " << error_entry(code).name << " " << static_cast<int>(code)
            << (seen ? ": seen, although the list above says it cannot be" : ": no script sees it");
      }
    }
  }
}

TEST(Ledger, EachCodeOfTheCatalogueIsAnswered) {
  for (const auto& entry : kErrorCatalogue) {
    const int wire = static_cast<int>(entry.code);
    if (wire < 0) continue;  // never on the wire
    const bool seen =
        std::ranges::any_of(answered(), [&](const auto& each) { return each.second == wire; });
    EXPECT_NE(seen, is_excused(kUnseenAtAll, "", entry.code)) << entry.name << " " << wire;
  }
}

}  // namespace
}  // namespace confab::testing
