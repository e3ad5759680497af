#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

Result<std::unique_ptr<int>> parse(int number) {
  if (number < 0) return fail(ErrorCode::kInvalidField, "number is negative");
  return std::make_unique<int>(number);
}

Status check(int number) {
  TRY_STATUS(parse(number));
  return {};
}

Result<int> sum(int a, int b) {
  TRY_STATUS(check(a));
  TRY(const auto first, parse(a));
  TRY(const auto second, parse(b));
  return *first + *second;
}

TEST(Result, TryPassesValuesOnAndErrorsUp) {
  EXPECT_EQ(sum(1, 2), 3);
  const Error expected{ErrorCode::kInvalidField, "number is negative"};
  EXPECT_EQ(sum(-1, 2).error(), expected);
  EXPECT_EQ(sum(1, -2).error(), expected);
}

TEST(Result, ErrorsDifferByCodeAndDetail) {
  EXPECT_EQ((Error{ErrorCode::kInternal}), (Error{ErrorCode::kInternal, ""}));
  EXPECT_NE((Error{ErrorCode::kInternal}), (Error{ErrorCode::kInternal, "x"}));
  EXPECT_NE((Error{ErrorCode::kInternal}), (Error{ErrorCode::kOverloaded}));
}

}  // namespace
}  // namespace confab
