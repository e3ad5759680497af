#include "tests/crash/power_loss_run.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "domain/merge_rules.h"
#include "store/keyspaces.h"
#include "store/rocks_store.h"
#include "tests/crash/findings.h"

namespace confab::testing {
namespace {

constexpr std::size_t kRequests = 150;  // of a cycle, if power lasts
constexpr std::uint64_t kOperations = 150;
constexpr Seconds kDay = 86'400;

WorldOptions options_of(std::uint64_t seed, std::function<std::unique_ptr<Store>()> open) {
  return {.seed = seed,
          .limits = {},
          .rates = {.documented = false},
          .durability_timeout = std::chrono::minutes(1),
          .open = std::move(open)};
}

void apply(std::map<std::string, std::string>& content, const CommittedWrites& writes) {
  for (const auto& [key, value] : writes) {
    if (value) {
      content[key] = *value;
    } else {
      content.erase(key);
    }
  }
}

std::string name_of(const std::string& key) {
  std::string name;
  std::apply(
      [&](const auto&... keyspace) {
        ((key.front() == keyspace.prefix ? void(name = keyspace.name) : void()), ...);
      },
      kKeyspaces);
  for (const char c : key.substr(1))
    name += c >= ' ' && c <= '~' ? std::string(1, c) : fmt::format("\\{:x}", c & 0xff);
  return name;
}

/// Keys with another value, or only in one of the two.
std::vector<std::string> differences(const std::map<std::string, std::string>& found,
                                     const std::map<std::string, std::string>& expected) {
  std::vector<std::string> names;
  for (const auto& [key, value] : expected) {
    const auto at = found.find(key);
    if (at == found.end()) names.push_back("no " + name_of(key));
    if (at != found.end() && at->second != value) names.push_back("another " + name_of(key));
  }
  for (const auto& [key, value] : found) {
    if (!expected.contains(key)) names.push_back("a " + name_of(key));
  }
  return names;
}

bool is_success(const std::string& body) {
  return body.contains(R"("ErrorCode":0)");
}

}  // namespace

PowerLossRun::PowerLossRun(std::uint64_t seed)
    : seed_(seed),
      random_(seed),
      load_(random_()),
      world_(options_of(seed, [this] { return open(); })) {
  // What the world has imported is there from now on.
  content_ = content();
  const auto txn = store_->read();
  const std::string all(1, kAccounts.prefix);
  const auto ignored = txn->scan({nullptr, all, after_prefix(all)}, Direction::kForward,
                                 [](std::string_view, std::string_view) { return true; });
  store_->when_durable(txn->ticket_so_far(), Store::Deadline::max(), [](const Status&) {});
  store_->release();
  store_->take_commits();
}

std::vector<std::string> PowerLossRun::cycle() {
  complaints_.clear();
  acknowledged_ = 0;
  cursor_ = {};
  arm();
  work();
  if (file_system_->has_power()) file_system_->cut_power_after(0);
  store_->release();
  take_answers();
  note_loss();
  const auto commits = store_->take_commits();
  world_.restart();

  auto found = content();
  check_content(found, commits);
  const Findings findings(world_.context());
  complaints_.insert(complaints_.end(), findings.lines.begin(), findings.lines.end());
  content_ = std::move(found);
  return std::exchange(complaints_, {});
}

/// Now and then power goes again while the store recovers.
std::unique_ptr<Store> PowerLossRun::open() {
  while (true) {
    file_system_->restore_power(random_);
    if (store_ != nullptr && random_() % 4 == 0) file_system_->cut_power_after(random_() % 40);
    file_system_->set_opening(true);
    auto store = try_to_open();
    file_system_->set_opening(false);
    file_system_->keep_power();
    if (store && file_system_->has_power()) env_.run_jobs();
    if (store && file_system_->has_power()) {
      auto recording = std::make_unique<RecordingStore>(std::move(store));
      store_ = recording.get();
      store_->on_commit = [this] {
        if (file_system_->has_power()) env_.run_jobs();
      };
      return recording;
    }
    if (file_system_->has_power()) std::abort();  // try_to_open has said why
    ++losses_while_opening;
  }
}

std::unique_ptr<Store> PowerLossRun::try_to_open() {
  auto opened = open_rocks_store({.path = (directory_.path() / "db").string(),
                                  .merge_rules = domain_merge_rules(),
                                  .block_cache_bytes = std::uint64_t{4} << 20U,
                                  .memtable_bytes = std::uint64_t{64} << 10U,
                                  .on_fatal = [](const std::string&) {},
                                  .failpoints = &world_.failpoints,
                                  .env = &env_});
  if (!opened) {
    if (file_system_->has_power()) std::cerr << "seed " << seed_ << ": " << opened.error().detail;
    return nullptr;
  }
  return *std::move(opened);
}

/// Half of the losses come anywhere, the others with a certain step.
void PowerLossRun::arm() {
  if (random_() % 2 == 0) return file_system_->cut_power_after(random_() % kOperations);
  const auto step = static_cast<FileStep>(random_() % kFileSteps);
  const bool often = step == FileStep::kLogWrite || step == FileStep::kLogSync;
  file_system_->cut_power_at(step, random_() % (often ? 20 : 3), random_() % 2 == 0);
}

/// Answers are let go for several requests at once, as under load.
void PowerLossRun::work() {
  for (std::size_t i = 0; i < kRequests && file_system_->has_power(); ++i) {
    const auto draw = random_() % 100;
    if (draw < 30) world_.clock.advance(static_cast<Seconds>(random_() % 3));
    if (draw == 30) world_.clock.advance(kDay);
    if (draw < 85) {
      request();
    } else if (draw < 98) {
      reclaim();
    } else {
      const auto ignored = store_->give_back_space();
      if (file_system_->has_power()) env_.run_jobs();
    }
    if (random_() % 6 == 0) store_->release();
  }
}

void PowerLossRun::request() {
  auto answer = answers_.emplace_back(std::make_shared<Answer>());
  const auto request = load_.next(world_.clock.unix_seconds());
  answer->request = request.command + ' ' + request.body;
  store_->forget_touched();
  world_.send(request.command, request.body,
              [answer](std::string body) { answer->body = std::move(body); });
  answer->needs = store_->newest_touched();
}

void PowerLossRun::reclaim() {
  in_reclaim_ = true;
  auto context = world_.context();
  const auto step = reclaim_step(context, cursor_, 1 + random_() % 30);
  if (!step && file_system_->has_power()) complaints_.push_back(step.error().detail);
  if (file_system_->has_power()) in_reclaim_ = false;
}

void PowerLossRun::take_answers() {
  for (const auto& answer : std::exchange(answers_, {})) {
    if (answer->body.empty()) complaints_.emplace_back("a request without an answer");
    if (!is_success(answer->body) || answer->needs <= acknowledged_) continue;
    acknowledged_ = answer->needs;
    acknowledgement_ = answer->request.substr(0, 300);
  }
}

void PowerLossRun::note_loss() {
  const auto step = file_system_->last_step();
  ++losses.at(step ? static_cast<std::size_t>(*step) : kFileSteps);
  if (std::exchange(in_reclaim_, false)) ++losses_in_reclaim;
}

PowerLossRun::Content PowerLossRun::content() {
  Content all;
  const auto txn = world_.store().read();
  std::apply(
      [&](const auto&... keyspace) {
        const auto add = [&](char prefix) {
          const std::string start(1, prefix);
          const auto scanned = txn->scan({nullptr, start, after_prefix(start)}, Direction::kForward,
                                         [&](std::string_view key, std::string_view value) {
                                           all.emplace(key, value);
                                           return true;
                                         });
          if (!scanned) complaints_.push_back(scanned.error().detail);
        };
        (add(keyspace.prefix), ...);
      },
      kKeyspaces);
  return all;
}

void PowerLossRun::check_content(const Content& found,
                                 const std::vector<CommittedWrites>& commits) {
  auto expected = content_;
  std::optional<std::size_t> kept;
  std::optional<std::vector<std::string>> least;
  std::size_t nearest = 0;
  for (std::size_t i = 0; i <= commits.size(); ++i) {
    if (i > 0) apply(expected, commits[i - 1]);
    if (found == expected) kept = i;
    if (kept) continue;
    auto different = differences(found, expected);
    if (!least || different.size() <= least->size()) {
      least = std::move(different);
      nearest = i;
    }
  }
  if (!kept) {
    complaints_.push_back(fmt::format(
        "no first few of {} transactions made what is stored; after {} of them there would be:",
        commits.size(), nearest));
    std::ranges::copy(*least, std::back_inserter(complaints_));
    return;
  }
  unacknowledged_kept += *kept - std::min(*kept, acknowledged_);
  unacknowledged_lost += commits.size() - std::max(*kept, acknowledged_);
  if (*kept >= acknowledged_) return;
  acknowledged_lost += acknowledged_ - *kept;
  complaints_.push_back(fmt::format(
      "{} of {} acknowledged transactions are there, of {} in all; the last shown by {}", *kept,
      acknowledged_, commits.size(), acknowledgement_));
}

}  // namespace confab::testing
