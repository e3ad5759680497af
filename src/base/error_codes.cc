#include "base/error_codes.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace confab {

const ErrorEntry& error_entry(ErrorCode code) {
  const auto* row = std::ranges::find(kErrorCatalogue, code, &ErrorEntry::code);
  CHECK(row != std::end(kErrorCatalogue), "error code without a catalogue row");
  return *row;
}

}  // namespace confab
