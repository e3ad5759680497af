// Random operations on the whole server, compared after each with the naive model. Replay a failing
// run with the seed and the steps that it prints:
//   CONFAB_MODEL_SEED=7 CONFAB_MODEL_STEPS=400 model_tests --gtest_filter='*FromTheEnvironment*'
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "tests/model/operations.h"

namespace confab::testing {
namespace {

constexpr std::size_t kSteps = 400;

struct Run {
  Engine engine;
  std::uint64_t seed;
};

/// Each seed has its own world: tight limits in some, a clock that steps back in some.
ChatLimits limits_of(std::uint64_t seed) {
  ChatLimits limits;
  if (seed % 3 == 0) limits.unread_cap = 3;
  if (seed % 2 == 0) limits.pinned_cap = 2;
  return limits;
}

std::string text_of(const std::vector<HistoryRow>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += fmt::format("\n    {}_{}_{} {} -> {} '{}' '{}'{}", row.seq, row.random, row.time,
                       row.from, row.to, row.text, row.cloud, row.recalled ? " recalled" : "");
  }
  return out;
}

std::string text_of(const std::vector<SessionRow>& rows) {
  std::string out;
  for (const auto& row : rows)
    out += fmt::format("\n    {} at {}{} {}", row.peer, row.time, row.pinned ? " pinned" : "",
                       row.notes);
  return out;
}

std::string text_of(const ItemCodes& codes) {
  return fmt::format(" {} {}", codes.code, codes.items);
}

std::string text_of(const Extensions& extensions) {
  auto out = fmt::format(" code {} latest {} cleared {}", extensions.code, extensions.latest,
                         extensions.cleared);
  for (const auto& pair : extensions.pairs)
    out += fmt::format("\n    {} '{}' {}", pair.key, pair.value, pair.seq);
  return out;
}

std::string text_of(const NoteBook& book) {
  auto out = fmt::format(" {}", book.groups);
  for (const auto& [peer, notes] : book.contacts)
    out += fmt::format("\n    {} {} since {}", peer, notes_text(notes), notes.changed);
  return out;
}

class Comparison {
 public:
  explicit Comparison(const Run& run)
      : world_({.engine = run.engine,
                .seed = run.seed,
                .limits = limits_of(run.seed),
                .rates = {.documented = false},
                .durability_timeout = std::chrono::minutes(1)}),
        rest_(world_,
              [this](std::string complaint) { complaints_.push_back(std::move(complaint)); }),
        model_({kUsers.begin(), kUsers.end()}, world_.limits),
        late_merges_(run.engine == Engine::kAdverseMemory) {
    model_.now = world_.clock.unix_seconds();
    for (const auto& user : kUsers)
      world_.call("im_open_login_svc/account_import", fmt::format(R"({{"UserID":"{}"}})", user));
  }

  const NaiveChat& model() const { return model_; }

  /// Plays one operation and compares everything that can be seen. Empty if all agree.
  std::string step(const Operation& operation) {
    const auto codes = play(stage_, operation);
    expect("error codes", codes.actual, codes.expected);
    auto everyone = kUsers;
    everyone.push_back(kStranger);
    std::vector<std::string> alive;
    std::ranges::copy_if(everyone, std::back_inserter(alive),
                         [&](const auto& user) { return model_.has(user); });
    expect("accounts", rest_.imported(everyone), alive);
    for (const auto& user : everyone) {
      if (!model_.has(user)) {
        expect("codes of " + user, rest_.codes_of_stranger(user, kUsers[0]),
               std::vector{50001, 50001, 90008, 90003});
        continue;
      }
      for (const auto& peer : everyone)
        compare_history(user, peer);
      compare_unread(user, everyone);
      expect("notes of " + user, rest_.notes(user), model_.notes(user));
      if (!late_merges_ || settles(operation)) {
        compare_list(user);
      } else {
        compare_late_list(user);
      }
    }
    compare_pages(operation);
    compare_notes(operation);
    compare_extensions(operation);
    return fmt::format("{}", fmt::join(complaints_, "\n  "));
  }

 private:
  template <typename T>
  void expect(const std::string& what, const T& actual, const T& expected) {
    if (actual == expected) return;
    if constexpr (requires { text_of(actual); }) {
      complaints_.emplace_back(
          fmt::format("{} is{}\n   should be{}", what, text_of(actual), text_of(expected)));
    } else {
      complaints_.push_back(fmt::format("{} is {}, should be {}", what, actual, expected));
    }
  }

  void compare_history(const std::string& user, const std::string& peer) {
    const int code = model_.history_code(user, peer);
    const auto what = fmt::format("history {}/{}", user, peer);
    if (code == 0) {
      expect(what, rest_.history(user, peer, 100), model_.history(user, peer));
    } else {
      expect("code of " + what, rest_.history_code(user, peer), code);
    }
  }

  void compare_unread(const std::string& user, const std::vector<std::string>& peers) {
    const auto counts = rest_.unread(user, peers);
    for (std::size_t i = 0; i < peers.size(); ++i) {
      expect("unread " + user + "/" + peers[i], counts[i].value_or(9999),
             model_.unread(user, peers[i]).value_or(9999));
    }
  }

  void compare_notes(const Operation& operation) {
    const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
    if (!model_.has(user)) return;
    auto expected = model_.notes(user);
    std::erase_if(expected.contacts, [&](const auto& each) { return each.first != peer; });
    expect("notes of " + user + " on " + peer, rest_.notes(user, {peer}), expected);
  }

  /// Of every message that the two ever had: readable as long as somebody sees it (E22).
  void compare_extensions(const Operation& operation) {
    const auto rows = model_.ever_stored(operation.message.from, operation.message.to);
    // The newest ones, and one further back.
    for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 6); ++i) {
      const auto back = i == 5 ? steps_ % rows.size() : i;
      const auto& row = rows[rows.size() - 1 - back];
      const MessageId id{row.from, row.to, row.seq, row.random, row.time};
      expect(fmt::format("extensions of {}_{}_{}", id.seq, id.random, id.time),
             rest_.extensions(id), model_.extensions(id));
    }
  }

  /// Every combination of the AssistFlags that choose rows, in one page and in pages of
  /// one to three rows.
  void compare_list(const std::string& user) {
    expect("total unread " + user, rest_.total_unread(user), model_.total_unread(user));
    constexpr unsigned kEvery = kKnowsPinning | kWantsEmpty | kPagesPinned | kWantsNotes;
    for (const unsigned flags : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, kEvery}) {
      auto expected = model_.list(user, (flags & kWantsEmpty) != 0);
      for (auto& row : expected) {
        row.pinned = row.pinned && (flags & kKnowsPinning) != 0;
        if ((flags & kWantsNotes) == 0) row.notes.clear();
      }
      std::ranges::sort(expected);
      const auto whole = world_.limits.list_page;
      const std::size_t tiny = 1 + (steps_++ % 3);
      for (const auto page : {whole, tiny}) {
        world_.limits.list_page = page;
        expect(fmt::format("list {} flags {} page {}", user, flags, page), rest_.list(user, flags),
               expected);
      }
      world_.limits.list_page = whole;
    }
  }

  /// While refreshes are under way a list may lack entries, but what was deleted stays away and
  /// pins show at once.
  void compare_late_list(const std::string& user) {
    const auto expected = model_.list(user, true);
    const auto actual = rest_.list(user, kKnowsPinning | kWantsEmpty | kPagesPinned);
    const auto is_in = [](const std::vector<SessionRow>& rows, const SessionRow& wanted) {
      return std::ranges::any_of(rows, [&](const SessionRow& row) {
        return row.peer == wanted.peer && row.pinned == wanted.pinned;
      });
    };
    for (const auto& row : actual) {
      if (!is_in(expected, row)) complaints_.push_back(user + " lists what is gone: " + row.peer);
    }
    for (const auto& row : expected) {
      if (row.pinned && !is_in(actual, row)) complaints_.push_back(user + " lacks pin " + row.peer);
    }
  }

  /// Small pages and a range of time, for the two whom the operation concerned.
  void compare_pages(const Operation& operation) {
    const auto& [from, to] = std::tie(operation.message.from, operation.message.to);
    if (model_.history_code(from, to) != 0) return;
    const std::size_t page = 1 + (steps_ % 3);
    const auto whole = model_.history(from, to);
    expect(fmt::format("history {}/{} in pages of {}", from, to, page),
           rest_.history(from, to, page), whole);
    if (whole.empty()) return;
    const auto first = whole[steps_ % whole.size()].time;
    const auto last = whole.back().time;
    std::vector<HistoryRow> part;
    std::ranges::copy_if(whole, std::back_inserter(part), [&](const HistoryRow& row) {
      return row.time >= first && row.time <= last - (steps_ % 2);
    });
    expect(fmt::format("history {}/{} from {}", from, to, first),
           rest_.history(from, to, page, first, last - (steps_ % 2)), part);
  }

  World world_;
  std::vector<std::string> complaints_;
  RestChat rest_;
  NaiveChat model_;
  Stage stage_{world_, rest_, model_, {}};
  const bool late_merges_;
  unsigned steps_ = 0;  // varies the sizes of pages
};

struct Failure {
  std::vector<Operation> operations;  // the last one shows it
  std::string complaint;
};

/// Plays given operations. Nothing if all agree.
std::optional<Failure> replay(const Run& run, const std::vector<Operation>& operations) {
  Comparison comparison(run);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    auto complaint = comparison.step(operations[i]);
    if (!complaint.empty()) {
      return Failure{{operations.begin(), operations.begin() + static_cast<std::ptrdiff_t>(i) + 1},
                     std::move(complaint)};
    }
  }
  return std::nullopt;
}

std::optional<Failure> explore(const Run& run, std::size_t steps) {
  Comparison comparison(run);
  std::mt19937_64 random(run.seed);
  std::vector<Operation> operations;
  for (std::size_t i = 0; i <= steps; ++i) {
    operations.push_back(i == steps ? settling()
                                    : draw_operation(random, comparison.model(),
                                                     {.clock_steps_back = run.seed % 4 < 2,
                                                      .few_messages = run.seed % 5 == 4}));
    auto complaint = comparison.step(operations.back());
    if (!complaint.empty()) return Failure{std::move(operations), std::move(complaint)};
  }
  return std::nullopt;
}

/// Leaves out operations as long as what is left still fails, larger pieces first.
Failure shrink(const Run& run, Failure failure) {
  for (auto piece = failure.operations.size() / 2; piece > 0; piece /= 2) {
    for (std::size_t at = 0; at + piece < failure.operations.size();) {
      auto fewer = failure.operations;
      const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(first, first + static_cast<std::ptrdiff_t>(piece));
      if (auto smaller = replay(run, fewer)) {
        failure = *std::move(smaller);
      } else {
        at += piece;
      }
    }
  }
  return failure;
}

void check(const Run& run, std::size_t steps) {
  set_log_level(LogLevel::kOff);
  const auto failure = explore(run, steps);
  if (!failure) return;
  const auto shortest = shrink(run, *failure);
  std::string text = fmt::format(
      "engine {}, seed {}: differs at step {} of {}\n  {}\nThe shortest run found that fails:\n",
      engine_name(run.engine), run.seed, failure->operations.size(), steps, failure->complaint);
  for (const auto& operation : shortest.operations)
    text += "  " + to_text(operation) + "\n";
  FAIL() << text << "  " << shortest.complaint;
}

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread when they read it
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

class Model : public ::testing::TestWithParam<Run> {};

TEST_P(Model, AgreesAfterEveryStep) {
  check(GetParam(), kSteps);
}

std::vector<Run> fixed_runs() {
  std::vector<Run> runs;
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    runs.push_back({Engine::kMemory, seed});
  // Lists are compared less often while merges are late, so these take more runs, and less time.
  for (std::uint64_t seed = 1; seed <= 14; ++seed)
    runs.push_back({Engine::kAdverseMemory, seed});
  runs.push_back({Engine::kRocks, 7});
  runs.push_back({Engine::kRocks, 12});
  return runs;
}

std::string name_of(const ::testing::TestParamInfo<Run>& tested) {
  return fmt::format("{}_{}", engine_name(tested.param.engine), tested.param.seed);
}

INSTANTIATE_TEST_SUITE_P(Fixed, Model, ::testing::ValuesIn(fixed_runs()), name_of);

class ModelOn : public ::testing::TestWithParam<Engine> {};

TEST_P(ModelOn, FromTheEnvironment) {
  check({GetParam(), environment("CONFAB_MODEL_SEED", 100)},
        environment("CONFAB_MODEL_STEPS", kSteps));
}

INSTANTIATE_TEST_SUITE_P(Every,
                         ModelOn,
                         ::testing::Values(Engine::kMemory, Engine::kAdverseMemory, Engine::kRocks),
                         [](const auto& engine) { return std::string(engine_name(engine.param)); });

}  // namespace
}  // namespace confab::testing
