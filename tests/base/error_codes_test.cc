#include "base/error_codes.h"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(ErrorCatalogue, EveryRowIsWhatItsCodeFinds) {
  for (const auto& row : kErrorCatalogue) {
    EXPECT_EQ(&error_entry(row.code), &row) << row.name << " shares its number";
    EXPECT_TRUE(row.name.starts_with('k')) << row.name;
    EXPECT_FALSE(row.source.empty()) << row.name;
    EXPECT_EQ(row.fix.empty(), static_cast<int>(row.code) <= 0) << row.name;
    EXPECT_EQ(row.text.empty(), row.code == ErrorCode::kOk) << row.name;
  }
}

TEST(ErrorCatalogue, NamesAndNumbersAreUnique) {
  std::set<std::string_view> names;
  std::set<int> numbers;
  for (const auto& row : kErrorCatalogue) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(numbers.insert(static_cast<int>(row.code)).second) << row.name;
  }
}

TEST(ErrorCatalogue, OnlyTranslatedCodesAreNegative) {
  for (const auto& row : kErrorCatalogue)
    EXPECT_EQ(static_cast<int>(row.code) < 0, row.source == "translated") << row.name;
}

TEST(ErrorCatalogueDeathTest, ACodeWithoutARowIsOurBug) {
  EXPECT_DEATH((void)error_entry(static_cast<ErrorCode>(12345)), "without a catalogue row");
}

}  // namespace
}  // namespace confab
