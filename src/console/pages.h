// The files of the console's pages, built from console/ and part of the program.
#pragma once

#include <span>
#include <string_view>

namespace confab {

struct Page {
  std::string_view path;  // "/assets/index-4f2a.js"; that of the first page is "/"
  std::string_view content_type;
  std::string_view bytes;
};

std::span<const Page> console_pages();

}  // namespace confab
