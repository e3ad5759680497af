#include "tests/model/texts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace confab::testing {

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
    out += fmt::format("\n    {}{} at {}{} {}", row.group ? "group " : "", row.peer, row.time,
                       row.pinned ? " pinned" : "", row.notes);
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

std::string text_of(const std::vector<SentCode>& codes) {
  std::string out;
  for (const auto& each : codes)
    out += fmt::format(" {} {} at {};", each.code, each.seq, each.time);
  return out;
}

std::string text_of(const std::vector<GroupRow>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += fmt::format("\n    {} at {} {} '{}' '{}' random {}{}{}", row.seq, row.time, row.from,
                       row.text, row.cloud, row.random, row.system ? " system" : "",
                       row.place == 0   ? ""
                       : row.place == 1 ? " gone"
                                        : " recalled");
  }
  return out;
}

std::string text_of(const std::vector<MemberRow>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += fmt::format("\n    {} {} since {} read {} {} sent {} muted {}", row.user, row.role,
                       row.joined, row.read, row.receive, row.last_sent, row.muted_until);
  }
  return out;
}

std::string text_of(const std::vector<JoinedRow>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += fmt::format(
        "\n    {} {} owner '{}' next {} members {} last {}{}; {} since {} {} read {} unread {}",
        row.group, row.kind, row.owner, row.next_seq, row.members, row.last_time,
        row.muted ? " muted" : "", row.role, row.joined, row.receive, row.read, row.unread);
  }
  return out;
}

}  // namespace confab::testing
