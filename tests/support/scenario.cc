#include "tests/support/scenario.h"

#include <fstream>
#include <optional>
#include <sstream>

#include "api/user_sig.h"
#include "tests/support/json_match.h"
#include "tests/support/scenario_words.h"

namespace confab::testing {
namespace {

constexpr std::string_view kVersion = "/v4/";
constexpr std::string_view kSignature = "usersig=";
constexpr Seconds kSignatureLife = 15'552'000;  // 180 days

/// The first word of `line`, which keeps the rest.
std::string take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

/// The members of an object's text, each after a comma.
std::string members_of(std::string_view object) {
  return object.size() > 2 ? ',' + std::string(object.substr(1, object.rfind('}') - 1)) : "";
}

/// "service/command" of a request's target; empty if it has none.
std::string command_of(std::string_view target) {
  const auto at = target.find(kVersion);
  if (at == std::string_view::npos) return {};
  target.remove_prefix(at + kVersion.size());
  return std::string(target.substr(0, target.find('?')));
}

struct Exchange {
  std::string command;
  std::string answer;
  std::string expectation;  // of a short word, in case the script has none
  bool raw = false;
};

class Script {
 public:
  Script(std::filesystem::path file, const ScenarioRun& run)
      : file_(std::move(file)), run_(run), world_({.engine = run.engine}) {}

  void play() {
    std::ifstream in(file_);
    ASSERT_TRUE(in) << "cannot read " << file_;
    std::string line;
    while (std::getline(in, line)) {
      ++number_;
      while (line.ends_with('\\')) {
        line.pop_back();
        std::string more;
        std::getline(in, more);
        ++number_;
        line += more.substr(std::min(more.find_first_not_of(' '), more.size()));
      }
      if (!line.empty() && line.front() != '#') step(line);
    }
    finish_pending();
    EXPECT_GT(checked_, 0) << file_ << " checks nothing";
  }

 private:
  std::string place() const {
    return file_.filename().string() + ":" + std::to_string(number_) + ": ";
  }

  void step(std::string_view line) {
    const auto whole = line;
    const auto word = take_word(line);
    if (word == "=>") return expect(line);
    if (word == "repeat") return repeat(line);
    if (word == "raw") return raw(line);
    if (word == "as") return void(caller_ = line);
    if (word == "app") return void(app_ = AppId{static_cast<std::uint32_t>(number(line))});
    if (word == "clock") return world_.clock.set(number(line));
    if (word == "advance") return world_.clock.advance(number(line));
    if (word == "limit") return limit(line);
    if (word == "sign") return sign(line);
    if (word == "fail") return arm(line);
    if (word == "reclaim") return reclaim(line);
    if (whole == "without restarts") return void(run_.restart_between_steps = false);
    finish_pending();
    request(whole, "");
  }

  Seconds number(std::string_view text) {
    try {
      return std::stoll(std::string(text));
    } catch (const std::exception&) {
      ADD_FAILURE() << place() << "not a number: " << text;
      return 0;
    }
  }

  void request(std::string_view line, const std::string& index) {
    if (run_.restart_between_steps) world_.restart();
    if (line.starts_with("post ")) {
      take_word(line);
      const auto command = take_word(line);
      pending_.push_back({command, call(command, line, index), ""});
    } else if (const auto plain = expand_request(line, world_.clock.unix_seconds(), next_page_)) {
      pending_.push_back({plain->command, call(plain->command, plain->body, index),
                          replace_names(plain->expectation, index)});
    } else {
      ADD_FAILURE() << place() << "unknown word or too little behind it: " << line;
    }
  }

  std::string call(std::string_view command, std::string_view body, const std::string& index) {
    return world_.call(app_, caller_, command, replace_names(body, index));
  }

  void raw(std::string_view line) {
    finish_pending();
    if (run_.restart_between_steps) world_.restart();
    const auto method = take_word(line);
    auto target = replace_names(take_word(line), "");
    if (const auto mark = target.find("%SIGNED%"); mark != std::string::npos) {
      const auto good = world_.target(app_, caller_, "x/y");
      target.replace(mark, 8, good.substr(good.find('?') + 1));
    }
    pending_.push_back(
        {command_of(target), world_.raw(method, target, replace_names(line, "")), "", true});
  }

  void repeat(std::string_view line) {
    finish_pending();
    const auto times = number(take_word(line));
    for (Seconds i = 1; i <= times; ++i)
      request(line, std::to_string(i));
  }

  void sign(std::string_view line) {
    const auto name = take_word(line);
    const auto target = world_.target(app_, caller_, "x/y");
    const auto at = target.find(kSignature) + kSignature.size();
    captures_[name] = line.empty() ? target.substr(at, target.find('&', at) - at)
                                   : make_user_sig(line, app_, caller_, world_.clock.unix_seconds(),
                                                   kSignatureLife);
  }

  void limit(std::string_view line) {
    const auto name = take_word(line);
    const auto value = number(line);
    auto& limits = world_.limits;
    if (name == "roaming_period") return void(limits.roaming_period = value);
    for (const auto& [known, member] : {std::pair{"list_cap", &ChatLimits::list_cap},
                                        {"pinned_cap", &ChatLimits::pinned_cap},
                                        {"unread_cap", &ChatLimits::unread_cap},
                                        {"list_page", &ChatLimits::list_page}}) {
      if (name == known) return void(limits.*member = static_cast<std::size_t>(value));
    }
    ADD_FAILURE() << place() << "unknown limit " << name;
  }

  void arm(std::string_view line) {
    const auto name = take_word(line);
    world_.failpoints.arm(name,
                          line.empty() ? Failpoints::kAlways : static_cast<int>(number(line)));
  }

  void reclaim(std::string_view line) {
    const auto erased = world_.reclaim();
    if (!line.empty()) {
      EXPECT_EQ(static_cast<Seconds>(erased), number(line)) << place();
      ++checked_;
    }
  }

  std::string replace_names(std::string_view text, const std::string& index) {
    std::string out = expand_bulk(std::string(text));
    const auto replace = [&](const std::string& name, std::string value) {
      // A captured string is written without its quotes, so that it fits into the request's own.
      if (value.starts_with('"')) value = value.substr(1, value.size() - 2);
      for (auto at = out.find(name); at != std::string::npos; at = out.find(name, at)) {
        out.replace(at, name.size(), value);
        at += value.size();
      }
    };
    if (!index.empty()) replace("$i", index);
    // Longer names first, so that $key10 is not taken for $key1.
    for (auto it = captures_.rbegin(); it != captures_.rend(); ++it) {
      replace("$" + it->first, it->second);
    }
    return out;
  }

  void expect(std::string_view line) {
    EXPECT_FALSE(pending_.empty()) << place() << "an expectation without a request";
    const auto expectation = expand_bulk(std::string(line));
    for (const auto& exchange : pending_)
      check(exchange, expectation);
    pending_.clear();
  }

  void finish_pending() {
    for (const auto& exchange : pending_) {
      if (exchange.expectation.empty()) {
        ADD_FAILURE() << place() << "the last request has no expectation";
      } else {
        check(exchange, exchange.expectation);
      }
    }
    pending_.clear();
  }

  void check(const Exchange& exchange, std::string_view rest) {
    ++checked_;
    const auto outcome = take_word(rest);
    JsonParser actual_parser;
    const auto actual = actual_parser.parse(exchange.answer);
    if (!actual) {
      ADD_FAILURE() << place() << "not JSON: " << exchange.answer;
      return;
    }
    record(exchange, *actual);
    next_page_.remember(*actual);
    const auto expected = envelope(exchange, outcome, rest, *actual);
    JsonParser expected_parser;
    const auto wanted = expected_parser.parse(expected);
    if (!wanted) {
      ADD_FAILURE() << place() << "the expectation is not JSON: " << expected;
      return;
    }
    EXPECT_EQ(mismatch(*wanted, *actual, captures_), "") << place() << exchange.answer;
  }

  void record(const Exchange& exchange, JsonValue actual) const {
    const auto code = actual.member("ErrorCode");
    const auto value = code ? code->integer() : std::nullopt;
    if (run_.answered != nullptr && value) {
      run_.answered->emplace(exchange.command, static_cast<int>(*value));
    }
  }

  std::string envelope(const Exchange& exchange,
                       const std::string& outcome,
                       std::string_view rest,
                       JsonValue actual) {
    const auto members = expand_answer(outcome, split_words(rest), actual, World::kStart,
                                       world_.clock.unix_seconds());
    std::string out;
    if (outcome == "OK" || outcome == "SomeError" || outcome == "succeed" || members) {
      out = std::string(R"({"ActionStatus":")") + (outcome == "SomeError" ? "SomeError" : "OK") +
            R"(","ErrorCode":0,"ErrorInfo":")" + (outcome == "succeed" ? "succeed" : "") + '"';
      out += members ? ',' + *members : members_of(rest);
    } else {
      const auto begin = std::min(rest.find(R"({")"), rest.size());
      auto said = rest.substr(0, begin);
      if (said.ends_with(' ')) said.remove_suffix(1);
      out = R"({"ActionStatus":"FAIL","ErrorCode":)" + outcome + R"(,"ErrorInfo":"$any")" +
            members_of(rest.substr(begin));
      const auto info = actual.member("ErrorInfo");
      const auto text = info ? info->string() : std::nullopt;
      EXPECT_TRUE(text && text->find(said) != std::string_view::npos)
          << place() << "ErrorInfo lacks '" << said << "': " << exchange.answer;
      EXPECT_FALSE(text && text->empty()) << place() << "a failure without ErrorInfo";
    }
    // Of a target that was not understood the service is not known.
    const bool display = exchange.raw ? actual.member("ErrorDisplay").has_value()
                                      : exchange.command.starts_with("recentcontact/");
    return out + (display ? R"(,"ErrorDisplay":""})" : "}");
  }

  std::filesystem::path file_;
  ScenarioRun run_;
  World world_;
  int number_ = 0;
  int checked_ = 0;
  AppId app_ = World::kApp;
  std::string caller_ = "admin";
  std::vector<Exchange> pending_;
  NextPage next_page_;
  Captures captures_;
};

}  // namespace

void run_scenario(const std::filesystem::path& file, const ScenarioRun& run) {
  Script(file, run).play();
}

}  // namespace confab::testing
