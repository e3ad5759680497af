// "Did you mean ...?" for whatever an operator may mistype.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace confab {

/// "; did you mean X?" with the nearest candidate, or nothing when none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace confab
