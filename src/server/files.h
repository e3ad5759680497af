// Small files of the operator: read whole, written whole or not at all.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace confab {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// kInternal: cannot be read; the text names path and reason.
Result<std::string> read_file(const std::string& path);

/// Replaces the file in one step: after a crash it is the old or the new one, complete and on disk.
/// kInternal: cannot be written, the old one stands.
Status replace_file(const std::string& path, std::string_view content, mode_t mode);

/// Creates the directory, for its owner alone, with its parents. One that exists is left as it is.
/// kInternal: cannot be created, or is not a directory.
Status ensure_private_directory(const std::string& path);

/// Holds a directory against other commands of ours as long as the descriptor lives; blocks while
/// another has it. kInternal: the directory cannot be opened or locked.
Result<Descriptor> lock_directory(const std::string& path);

}  // namespace confab
