// Two imported users, ann and bob, and short names for what they do. One thread.
#pragma once

#include <string>
#include <vector>

#include "domain/accounts.h"
#include "domain/conversations.h"
#include "domain/history.h"
#include "domain/messages.h"
#include "domain/unread.h"
#include "tests/support/world.h"

namespace confab::testing {

class Town {
 public:
  explicit Town(Engine engine = Engine::kMemory) : Town(WorldOptions{.engine = engine}) {}
  explicit Town(WorldOptions options) : world(std::move(options)) {
    import("ann");
    import("bob");
  }

  Context context() { return world.context(); }

  void import(const std::string& user) {
    auto importing = context();
    EXPECT_TRUE(import_account(importing, user, {}));
  }

  /// A message with a number of its own; `changes` may change what is sent.
  MessageKey send(
      const std::string& from,
      const std::string& to,
      const std::function<void(NewMessage&)>& changes = [](NewMessage&) {}) {
    NewMessage message{.from = from, .to = to, .seq = ++seq_, .random = 7, .body = "[]"};
    changes(message);
    auto sending = context();
    const auto key = send_message(sending, message);
    EXPECT_TRUE(key);
    return key.value_or(MessageKey{});
  }

  void remove(const std::string& user, const std::string& peer, bool clear) {
    auto deleting = context();
    EXPECT_TRUE(delete_conversation(deleting, user, c2c_with(peer), clear));
  }

  void pin(const std::string& user, const std::string& peer, bool on) {
    auto pinning = context();
    const std::vector<Conversation> one{c2c_with(peer)};
    EXPECT_TRUE(pin_conversations(pinning, user, one, on));
  }

  void read(const std::string& user, const std::string& peer, Seconds until) {
    auto reading = context();
    EXPECT_TRUE(mark_read(reading, user, peer, until));
  }

  HistoryPage history(const std::string& user, const std::string& peer) {
    auto reading = context();
    return read_history(reading, {.viewer = user,
                                  .peer = peer,
                                  .max_time = 0xffffffff,
                                  .max_rows = 1'000'000,
                                  .max_bytes = std::size_t{1} << 40U})
        .value();
  }

  std::size_t unread(const std::string& user, const std::string& peer) {
    auto counting = context();
    const std::vector<std::string> one{peer};
    return unread_by_peer(counting, user, one).value().front().value_or(~std::size_t{0});
  }

  /// Everything, empty entries too.
  std::vector<ListRow> list(const std::string& user) {
    auto listing = context();
    return read_list(listing, {.user = user, .wants_empty = true}).value().rows;
  }

  World world;

 private:
  std::uint32_t seq_ = 0;
};

}  // namespace confab::testing
