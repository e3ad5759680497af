#include "base/private_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace confab {
namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr mode_t kPermissions = 07777;

mode_t others_may(const struct stat& status, Sharing sharing) {
  const bool is_lent = sharing == Sharing::kRootsGroup && status.st_uid == 0 && ::geteuid() != 0;
  return is_lent ? S_IRGRP : 0;
}

}  // namespace

Status check_private(const std::string& path, std::string_view holds, Sharing sharing) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return fail(ErrorCode::kInternal,
                fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)));
  }
  if ((status.st_mode & kOthers & ~others_may(status, sharing)) == 0) return {};
  const mode_t wanted = S_ISDIR(status.st_mode) ? S_IRWXU : S_IRUSR | S_IWUSR;
  return fail(ErrorCode::kInvalidField,
              fmt::format("{0}: has mode {1:04o}, so that others can get at it; the mode must be "
                          "{2:04o}, because it holds {3}; run: chmod {2:o} {0}",
                          path, status.st_mode & kPermissions, wanted, holds));
}

}  // namespace confab
