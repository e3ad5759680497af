// The answers of one connection, which may be given in any order and leave in the order of their
// requests. Used on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "net/http.h"

namespace confab {

class AnswerQueue {
 public:
  /// Keeps a place for the answer to the next request and numbers it. `last`: the connection closes
  /// after it. `with_body`: false for HEAD.
  std::uint64_t add(bool last, bool with_body);
  /// Puts a `100 Continue` behind what is already here.
  void add_continue();

  /// REQUIRES: a number that add() gave and that has not been answered.
  void answer(std::uint64_t number, HttpResponse response);

  std::size_t size() const { return slots_.size(); }
  /// Of the bodies that are ready.
  std::size_t bytes() const { return bytes_; }
  bool empty() const { return slots_.empty(); }

  /// Appends the answers whose turn it is to `out`, until it holds `enough` bytes. With
  /// `close_when_empty` the answer that empties the queue is a last one. True if a last one was
  /// appended.
  bool gather(std::string& out, std::size_t enough, bool close_when_empty);

 private:
  struct Slot {
    bool ready = false;
    bool interim = false;
    bool last = false;
    bool with_body = true;
    HttpResponse response;
  };

  std::deque<Slot> slots_;
  std::uint64_t first_number_ = 0;  // of slots_.front()
  std::size_t bytes_ = 0;
};

}  // namespace confab
