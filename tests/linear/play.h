// Clients that do random things to one conversation at the same time, and write down what they were
// told.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "api/json.h"
#include "tests/linear/history.h"

namespace confab::linear {

/// One request and its answer; nothing if there was none. Used by one thread.
using Caller =
    std::function<std::optional<std::string>(const std::string& command, const std::string& body)>;
using MakeCaller = std::function<Caller()>;

/// What the clients play with.
struct Scene {
  std::array<std::string, 2> users;
  std::string group;         // empty: the one-to-one conversation of the users
  std::int64_t base = 0;     // the group's newest MsgSeq before the history begins
  bool loses_power = false;  // an internal error then only says that the outcome is unknown

  bool is_group() const { return !group.empty(); }
};

/// The steps of each client.
using Plan = std::vector<std::vector<Step>>;

struct PlanSize {
  int clients = 5;
  int steps = 8;
};

Plan draw_plan(std::mt19937_64& random, const PlanSize& size, bool group);

/// Makes two users (and a group) of that name, with a past that both have cleared. Nothing if that
/// fails.
std::optional<Scene> set_scene(const Caller& caller, const std::string& name, bool group);

/// Counts the moments of a history.
class Moments {
 public:
  std::uint64_t next() { return ++last_; }

 private:
  std::atomic<std::uint64_t> last_ = 0;
};

/// Does steps, one after the other.
class Player {
 public:
  Player(const Scene& scene, Moments& moments, Caller caller, int client)
      : scene_(scene), moments_(moments), caller_(std::move(caller)), client_(client) {}

  /// False if the outcome is unknown: the client better stops, since each such call doubles the
  /// work of the checker.
  bool play(const Step& step);
  std::vector<Call> take_calls() { return std::move(calls_); }

 private:
  std::optional<Answer> read_answer(const Step& step, const std::string& text);
  void read_rows(JsonValue json, Answer& answer) const;
  void read_unread(JsonValue json, const Step& step, Answer& answer) const;

  const Scene& scene_;
  Moments& moments_;
  Caller caller_;
  int client_;
  JsonParser parser_;
  std::vector<Call> calls_;
};

/// Plays the plan with a thread for each client. `on_answer` is called after each one, from any
/// thread. What was not answered until the end is bound to have happened by then.
std::vector<Call> play(
    const Scene& scene,
    const Plan& plan,
    Moments& moments,
    const MakeCaller& make_caller,
    const std::function<void()>& on_answer = [] {});

/// Reads all that there is, for both sides.
std::vector<Call> look(const Scene& scene, Moments& moments, const Caller& caller);

/// Nothing if a specification explains the calls; else they are shown.
std::string complaint_about(const Scene& scene, std::span<const Call> calls);

/// A number from the environment.
std::uint64_t environment(const char* name, std::uint64_t otherwise);

/// The seeds that a test plays, one for each round: CONFAB_LINEAR_SEED is the first, drawn when
/// absent; CONFAB_LINEAR_TIMES as many rounds as ordinarily.
struct Rounds {
  std::uint64_t first_seed;
  std::uint64_t count;
};
Rounds rounds_of(std::uint64_t ordinarily);

}  // namespace confab::linear
