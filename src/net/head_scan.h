// Finds the end of a request's head, strictly: what parsers disagree about (bare line feeds, folded
// lines) is refused here, so that nobody in front of this server sees other requests than it does.
#pragma once

#include <cstddef>
#include <string_view>

namespace confab {

class HeadScan {
 public:
  enum class Outcome { kIncomplete, kComplete, kMalformed };

  /// `received`: the head from its first byte, as far as it has arrived; each call gets at least
  /// what the call before got and looks at the rest only.
  Outcome advance(std::string_view received);

 private:
  std::size_t scanned_ = 0;
};

}  // namespace confab
