#include "net/answer_queue.h"

#include <utility>

#include "base/check.h"
#include "net/response_text.h"

namespace confab {

std::uint64_t AnswerQueue::add(bool last, bool with_body) {
  slots_.push_back({.last = last, .with_body = with_body});
  return first_number_ + slots_.size() - 1;
}

void AnswerQueue::add_continue() {
  slots_.push_back({.ready = true, .interim = true});
}

void AnswerQueue::answer(std::uint64_t number, HttpResponse response) {
  CHECK(number - first_number_ < slots_.size(), "an answer to no request");
  auto& slot = slots_[number - first_number_];
  slot.response = std::move(response);
  bytes_ += slot.response.body.size();
  slot.ready = true;
}

bool AnswerQueue::gather(std::string& out, std::size_t enough, bool close_when_empty) {
  bool closes = false;
  while (!slots_.empty() && slots_.front().ready && out.size() < enough) {
    const auto slot = std::move(slots_.front());
    slots_.pop_front();
    bytes_ -= slot.response.body.size();
    ++first_number_;
    if (slot.interim) {
      out += kContinueText;
      continue;
    }
    closes = slot.last || (close_when_empty && slots_.empty());
    append_response(out, slot.response, {.keep_alive = !closes, .with_body = slot.with_body});
  }
  return closes;
}

}  // namespace confab
