#include "net/mailbox.h"

#include <utility>

#include "base/check.h"

namespace confab {
namespace {

class Responder {
 public:
  Responder(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<AnswerSink> sink, std::uint64_t number)
      : mailbox_(std::move(mailbox)), sink_(std::move(sink)), number_(number) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) = delete;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder() {
    if (mailbox_) deliver(std::nullopt);
  }

  void operator()(HttpResponse response) {
    CHECK(mailbox_ != nullptr, "a request was answered twice");
    deliver(std::move(response));
  }

 private:
  void deliver(std::optional<HttpResponse> response) {
    std::exchange(mailbox_, nullptr)->deliver(std::move(sink_), number_, std::move(response));
  }

  std::shared_ptr<Mailbox> mailbox_;
  std::weak_ptr<AnswerSink> sink_;
  std::uint64_t number_;
};

}  // namespace

void Mailbox::hand_out(Answer answer) {
  if (const auto sink = answer.sink.lock()) sink->answer(answer.number, std::move(answer.response));
}

void Mailbox::deliver(std::weak_ptr<AnswerSink> sink,
                      std::uint64_t number,
                      std::optional<HttpResponse> response) {
  Answer answer{std::move(sink), number, std::move(response)};
  if (std::this_thread::get_id() == io_thread_) return hand_out(std::move(answer));
  const std::lock_guard lock(mutex_);
  if (!wake_) return;
  waiting_.push_back(std::move(answer));
  if (waiting_.size() == 1) wake_();
}

void Mailbox::empty() {
  std::vector<Answer> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(waiting_);
  }
  for (auto& answer : answers)
    hand_out(std::move(answer));
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  waiting_.clear();
}

Respond make_respond(std::shared_ptr<Mailbox> mailbox,
                     std::weak_ptr<AnswerSink> sink,
                     std::uint64_t number) {
  return Responder(std::move(mailbox), std::move(sink), number);
}

}  // namespace confab
