// Bytes that have arrived on a connection and are not parsed yet, in one piece of memory that grows
// up to a limit. Used on one thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace confab {

class InputBuffer {
 public:
  explicit InputBuffer(std::size_t limit) : limit_(limit) {}

  std::string_view pending() const { return {bytes_.data() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  /// Nothing more fits until something is dropped.
  bool is_full() const { return end_ - begin_ >= limit_; }

  /// Where to read to; valid until the next call. REQUIRES: not full.
  std::span<char> room();
  /// `count` bytes have been put there.
  void received(std::size_t count) { end_ += count; }
  /// Forgets the first `count` pending bytes.
  void drop(std::size_t count) { begin_ += count; }

 private:
  std::size_t limit_;
  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace confab
