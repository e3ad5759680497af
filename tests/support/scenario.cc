#include "tests/support/scenario.h"

#include <fstream>
#include <optional>
#include <sstream>

#include "tests/support/json_match.h"

namespace confab::testing {
namespace {

/// The first word of `line`, which keeps the rest.
std::string take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

struct Exchange {
  std::string command;
  std::string answer;
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
    EXPECT_TRUE(pending_.empty()) << place() << "a request without an expectation";
    EXPECT_GT(checked_, 0) << file_ << " checks nothing";
  }

 private:
  std::string place() const {
    return file_.filename().string() + ":" + std::to_string(number_) + ": ";
  }

  void step(std::string_view line) {
    const auto word = take_word(line);
    if (word == "post") return post(line, "");
    if (word == "=>") return expect(line);
    if (word == "repeat") return repeat(line);
    if (word == "raw") return raw(line);
    if (word == "as") return void(caller_ = line);
    if (word == "app") return void(app_ = AppId{static_cast<std::uint32_t>(number(line))});
    if (word == "clock") return world_.clock.set(number(line));
    if (word == "advance") return world_.clock.advance(number(line));
    if (word == "limit") return limit(line);
    if (word == "fail") return arm(line);
    if (word == "reclaim") return reclaim(line);
    ADD_FAILURE() << place() << "unknown word " << word;
  }

  Seconds number(std::string_view text) {
    try {
      return std::stoll(std::string(text));
    } catch (const std::exception&) {
      ADD_FAILURE() << place() << "not a number: " << text;
      return 0;
    }
  }

  void before_request() {
    EXPECT_TRUE(repeating_ || pending_.empty()) << place() << "the last request has no expectation";
    if (run_.restart_between_steps) world_.restart();
  }

  void post(std::string_view line, const std::string& index) {
    before_request();
    const auto command = take_word(line);
    pending_.push_back({command, world_.call(app_, caller_, command, replace_names(line, index))});
  }

  void raw(std::string_view line) {
    before_request();
    const auto method = take_word(line);
    auto target = replace_names(take_word(line), "");
    if (const auto mark = target.find("%SIGNED%"); mark != std::string::npos) {
      const auto good = world_.target(app_, caller_, "x/y");
      target.replace(mark, 8, good.substr(good.find('?') + 1));
    }
    pending_.push_back({"", world_.raw(method, target, line)});
  }

  void repeat(std::string_view line) {
    const auto times = number(take_word(line));
    take_word(line);  // post
    for (Seconds i = 1; i <= times; ++i) {
      post(line, std::to_string(i));
      repeating_ = true;
    }
    repeating_ = false;
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
    std::string out(text);
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
    const auto code = take_word(line);
    for (const auto& exchange : pending_)
      check(exchange, code, line);
    pending_.clear();
  }

  void check(const Exchange& exchange, const std::string& code, std::string_view rest) {
    ++checked_;
    JsonParser actual_parser;
    const auto actual = actual_parser.parse(exchange.answer);
    if (!actual) {
      ADD_FAILURE() << place() << "not JSON: " << exchange.answer;
      return;
    }
    std::string expected = envelope(exchange, code, rest, *actual);
    JsonParser expected_parser;
    const auto wanted = expected_parser.parse(expected);
    if (!wanted) {
      ADD_FAILURE() << place() << "the expectation is not JSON: " << expected;
      return;
    }
    EXPECT_EQ(mismatch(*wanted, *actual, captures_), "") << place() << exchange.answer;
  }

  std::string envelope(const Exchange& exchange,
                       const std::string& code,
                       std::string_view rest,
                       JsonValue actual) {
    std::string out;
    if (code == "OK") {
      out = R"({"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"")";
      if (rest.size() > 2) out += "," + std::string(rest.substr(1, rest.rfind('}') - 1));
    } else {
      out = R"({"ActionStatus":"FAIL","ErrorCode":)" + code + R"(,"ErrorInfo":"$any")";
      const auto info = actual.member("ErrorInfo");
      const auto text = info ? info->string() : std::nullopt;
      EXPECT_TRUE(text && text->find(rest) != text->npos)
          << place() << "ErrorInfo lacks '" << rest << "': " << exchange.answer;
      EXPECT_FALSE(text && text->empty()) << place() << "a failure without ErrorInfo";
    }
    const bool display = exchange.command.starts_with("recentcontact/") ||
                         (exchange.command.empty() && actual.member("ErrorDisplay"));
    return out + (display ? R"(,"ErrorDisplay":""})" : "}");
  }

  std::filesystem::path file_;
  ScenarioRun run_;
  World world_;
  int number_ = 0;
  int checked_ = 0;
  bool repeating_ = false;
  AppId app_ = World::kApp;
  std::string caller_ = "admin";
  std::vector<Exchange> pending_;
  Captures captures_;
};

}  // namespace

void run_scenario(const std::filesystem::path& file, const ScenarioRun& run) {
  Script(file, run).play();
}

}  // namespace confab::testing
