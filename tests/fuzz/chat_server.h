// A whole server without sockets, threads that matter or a disk, with some accounts, messages and
// groups in it. It checks each answer, and forgets what an input did to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "api/apps.h"
#include "api/dispatcher.h"
#include "api/json.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "domain/limits.h"
#include "tests/fuzz/journal_engine.h"

namespace confab::fuzz {

/// Every byte but letters and digits as %XX.
std::string percent_encode(std::string_view text);

/// The documented example of a command's request, about what is in the town.
std::string sample_of(const Endpoint& row);

class ChatServer {
 public:
  static constexpr AppId kApp{88888888};
  static constexpr AppId kOtherApp{99999999};
  static constexpr Seconds kStart = 1'700'000'000;

  /// Of all apps.
  static const AppKey& key();

  enum class Contents { kTown, kAdmins };

  explicit ChatServer(Contents contents = Contents::kTown);
  ~ChatServer();

  /// As after construction.
  void rewind();
  void advance(Seconds by) { clock_.advance(by); }

  struct Answer {
    std::string body;
    std::int64_t code;
  };

  /// CHECKs that the answer has the documented form, and that nothing has changed if it
  /// is a refusal.
  Answer handle(const RestRequest& request);

  /// `/v4/…?…`, signed.
  std::string target(AppId app, std::string_view caller, const Endpoint& row);

  /// A request to a command of kApp. CHECKs also that the command's row lists the code that is
  /// answered, and that what is stored is well-formed and the app's own.
  Answer call(std::string_view caller, const Endpoint& row, std::string_view body);

  const JournalEngine& engine() const { return *engine_; }

 private:
  class PromptStore;

  class RepeatableRandom final : public Random {
   public:
    std::uint64_t next() override { return state_ += 0x9e3779b97f4a7c15; }
    void restart() { state_ = 0; }

   private:
    std::uint64_t state_ = 0;
  };

  void import_all_admins();
  void set_up_town();
  void must_succeed(std::string_view path, std::string_view body);
  const std::string& signature_of(AppId app, std::string_view caller);
  void check_stored(std::size_t since) const;
  /// The answer's ErrorCode.
  std::int64_t check_answer(std::string_view answer, std::size_t state_before);

  ManualClock clock_{kStart};
  RepeatableRandom random_;
  Metrics metrics_;
  ChatLimits limits_;
  Apps apps_;
  JournalEngine* engine_;  // the store's
  std::unique_ptr<PromptStore> store_;
  std::unique_ptr<Dispatcher> dispatcher_;
  JsonParser parser_;
  std::map<std::tuple<AppId, std::string, Seconds>, std::string> signatures_;
  std::size_t ready_ = 0;
};

}  // namespace confab::fuzz
