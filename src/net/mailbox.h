// How answers, given on any thread at any time, come back to the io thread of their connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "net/http.h"

namespace confab {

class AnswerSink {
 public:
  AnswerSink() = default;
  AnswerSink(const AnswerSink&) = delete;
  AnswerSink& operator=(const AnswerSink&) = delete;
  virtual ~AnswerSink() = default;

  /// On the io thread: the answer to request `number`; nothing if its handler dropped it.
  virtual void answer(std::uint64_t number, std::optional<HttpResponse> response) = 0;
};

/// Thread-safe; outlives its io thread for handlers that are late.
class Mailbox {
 public:
  /// Made on the io thread. `wake` may be called on any thread until close(), and must have the io
  /// thread call empty() soon.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void deliver(std::weak_ptr<AnswerSink> sink,
               std::uint64_t number,
               std::optional<HttpResponse> response);
  /// On the io thread.
  void empty();
  /// From now on answers are dropped.
  void close();

 private:
  struct Answer {
    std::weak_ptr<AnswerSink> sink;
    std::uint64_t number;
    std::optional<HttpResponse> response;
  };

  static void hand_out(Answer answer);

  std::mutex mutex_;
  std::function<void()> wake_;   // guarded by mutex_; empty once closed
  std::vector<Answer> waiting_;  // guarded by mutex_
  const std::thread::id io_thread_ = std::this_thread::get_id();
};

/// What a handler gets. Dropped without a call it delivers nothing, once; a second call is a CHECK.
Respond make_respond(std::shared_ptr<Mailbox> mailbox,
                     std::weak_ptr<AnswerSink> sink,
                     std::uint64_t number);

}  // namespace confab
