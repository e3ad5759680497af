#include "server/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace confab {
namespace {

std::unexpected<Error> failed(std::string_view what, const std::string& path, int error) {
  return fail(ErrorCode::kInternal,
              fmt::format("{} {}: {}", what, path, std::generic_category().message(error)));
}

Status write_and_sync(int descriptor, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("cannot write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return failed("cannot sync", path, errno);
  return {};
}

Status write_new_file(const std::string& path, std::string_view content, mode_t mode) {
  // A left-over of an interrupted run may have another mode: begin with a new file.
  ::unlink(path.c_str());
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.is_open()) return failed("cannot create", path, errno);
  return write_and_sync(file.number(), content, path);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<std::string> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return failed("cannot read", path, errno);
  std::string content;
  char block[65'536];
  while (true) {
    const auto got = ::read(file.number(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot read", path, errno);
    if (got == 0) return content;
    content.append(block, static_cast<std::size_t>(got));
  }
}

Status replace_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string fresh = path + ".new";
  if (auto written = write_new_file(fresh, content, mode); !written) {
    ::unlink(fresh.c_str());
    return written;
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("cannot replace", path, errno);
  const auto directory = std::filesystem::path(path).parent_path().string();
  const Descriptor folder(
      ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.number()) != 0) {
    return failed("cannot sync the folder of", path, errno);
  }
  return {};
}

Status ensure_private_directory(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return failed("cannot create", parent.string(), error.value());
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return failed("cannot create", path, errno);
  }
  if (!std::filesystem::is_directory(path, error)) {
    return fail(ErrorCode::kInternal, fmt::format("{} is not a directory", path));
  }
  return {};
}

Result<Descriptor> lock_directory(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return failed("cannot open", path, errno);
  while (::flock(folder.number(), LOCK_EX) != 0) {
    if (errno != EINTR) return failed("cannot lock", path, errno);
  }
  return folder;
}

}  // namespace confab
