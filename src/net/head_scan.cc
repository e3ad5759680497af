#include "net/head_scan.h"

namespace confab {

HeadScan::Outcome HeadScan::advance(std::string_view received) {
  for (;;) {
    const auto feed = received.find('\n', scanned_);
    if (feed == std::string_view::npos) {
      scanned_ = received.size();
      return Outcome::kIncomplete;
    }
    if (feed == 0 || received[feed - 1] != '\r') return Outcome::kMalformed;
    const auto next_line = received.substr(feed + 1);
    if (next_line.starts_with("\r\n")) return Outcome::kComplete;
    if (next_line.starts_with(' ') || next_line.starts_with('\t')) return Outcome::kMalformed;
    if (next_line.empty() || next_line == "\r") {
      scanned_ = feed;  // judged again when the next line's start is here
      return Outcome::kIncomplete;
    }
    scanned_ = feed + 1;
  }
}

}  // namespace confab
