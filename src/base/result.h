// Result<T>: a value or an Error. The caller's mistake and the world's failure travel this way; our
// own bug is a CHECK (base/check.h). Nothing of ours throws.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error_codes.h"

namespace confab {

struct Error {
  ErrorCode code;
  std::string
      detail;  // names the field, the limit and the actual value; never a secret; never parsed

  // NOLINTNEXTLINE(google-explicit-constructor): a bare code is an error too
  Error(ErrorCode code, std::string detail = {}) : code(code), detail(std::move(detail)) {}

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(ErrorCode code, std::string detail = {}) {
  return std::unexpected(Error{code, std::move(detail)});
}

}  // namespace confab

#define CONFAB_CONCAT_INNER(a, b) a##b
#define CONFAB_CONCAT(a, b) CONFAB_CONCAT_INNER(a, b)
#define CONFAB_TRY_INNER(result, declaration, expression)         \
  auto result = (expression);                                     \
  if (!result) return std::unexpected(std::move(result).error()); \
  declaration = *std::move(result)

/// `TRY(const auto x, f());` declares x, or returns f's error from the calling function.
#define TRY(declaration, expression) \
  CONFAB_TRY_INNER(CONFAB_CONCAT(try_result_, __LINE__), declaration, expression)

/// `TRY_STATUS(f());` returns f's error from the calling function.
#define TRY_STATUS(expression)                     \
  if (auto try_status = (expression); !try_status) \
  return std::unexpected(std::move(try_status).error())
