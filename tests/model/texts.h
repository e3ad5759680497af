// What a differing answer looks like in a complaint.
#pragma once

#include <string>
#include <vector>

#include "tests/model/naive_chat.h"

namespace confab::testing {

std::string text_of(const std::vector<HistoryRow>& rows);
std::string text_of(const std::vector<SessionRow>& rows);
std::string text_of(const ItemCodes& codes);
std::string text_of(const Extensions& extensions);
std::string text_of(const NoteBook& book);
std::string text_of(const std::vector<SentCode>& codes);
std::string text_of(const std::vector<GroupRow>& rows);
std::string text_of(const std::vector<MemberRow>& rows);
std::string text_of(const std::vector<JoinedRow>& rows);

}  // namespace confab::testing
