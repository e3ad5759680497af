#include "net/input_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace confab {
namespace {

// Holds an ordinary request whole.
constexpr std::size_t kFirstBytes = 4096;

}  // namespace

std::span<char> InputBuffer::room() {
  CHECK(!is_full(), "an input buffer that is full is read into");
  if (empty()) begin_ = end_ = 0;
  if (end_ == bytes_.size() && begin_ > 0) {
    std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (end_ == bytes_.size())
    bytes_.resize(std::min(std::max(kFirstBytes, 2 * bytes_.size()), limit_));
  return std::span(bytes_).subspan(end_);
}

}  // namespace confab
