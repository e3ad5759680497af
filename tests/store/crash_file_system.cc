#include "tests/store/crash_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ranges>
#include <utility>

#include "base/check.h"

namespace confab {
namespace {

using rocksdb::IOStatus;

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

class TrackedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  TrackedFile(CrashFileSystem& owner,
              std::string name,
              std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), owner_(owner), name_(std::move(name)) {}

  using FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const rocksdb::Slice& bytes,
                  const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    const std::lock_guard lock(owner_.mutex_);
    if (auto power = owner_.use_power(); !power.ok()) return power;
    auto status = FSWritableFileOwnerWrapper::Append(bytes, options, debug);
    if (status.ok()) owner_.files_[name_].written += bytes.size();
    return status;
  }
  IOStatus Append(const rocksdb::Slice& bytes,
                  const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*verification*/,
                  rocksdb::IODebugContext* debug) override {
    return Append(bytes, options, debug);
  }
  IOStatus Sync(const rocksdb::IOOptions& /*options*/,
                rocksdb::IODebugContext* /*debug*/) override {
    const std::lock_guard lock(owner_.mutex_);
    if (auto power = owner_.use_power(); !power.ok()) return power;
    // A name may have moved on; its file is found under the new one then.
    const auto file = owner_.files_.find(name_);
    if (file != owner_.files_.end()) file->second.synced = file->second.written;
    return IOStatus::OK();
  }
  IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  CrashFileSystem& owner_;
  const std::string name_;
};

class TrackedDirectory final : public rocksdb::FSDirectory {
 public:
  TrackedDirectory(CrashFileSystem& owner, std::string name)
      : owner_(owner), name_(std::move(name)) {}

  IOStatus Fsync(const rocksdb::IOOptions& /*options*/,
                 rocksdb::IODebugContext* /*debug*/) override {
    const std::lock_guard lock(owner_.mutex_);
    if (auto power = owner_.use_power(); !power.ok()) return power;
    std::erase_if(owner_.unsynced_names_, [&](const auto& change) {
      return std::filesystem::path(change.name).parent_path() == name_;
    });
    return IOStatus::OK();
  }

 private:
  CrashFileSystem& owner_;
  const std::filesystem::path name_;
};

CrashFileSystem::CrashFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void CrashFileSystem::cut_power_after(std::uint64_t operations) {
  const std::lock_guard lock(mutex_);
  operations_left_ = operations;
}

bool CrashFileSystem::has_power() const {
  const std::lock_guard lock(mutex_);
  return operations_left_ != 0U;
}

IOStatus CrashFileSystem::use_power() {
  if (!operations_left_) return IOStatus::OK();
  if (*operations_left_ == 0) return IOStatus::IOError("power is gone");
  --*operations_left_;
  return IOStatus::OK();
}

void CrashFileSystem::add_name(const std::string& name) {
  std::optional<std::string> before;
  if (std::filesystem::exists(name)) before = content_of(name);
  unsynced_names_.push_back({name, std::move(before)});
}

void CrashFileSystem::forget_name(const std::string& name) {
  std::erase_if(unsynced_names_, [&](const auto& change) { return change.name == name; });
}

void CrashFileSystem::restore_power(std::mt19937_64& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, lengths] : files_) {
    if (std::filesystem::exists(name)) lose_tail(name, lengths, random);
  }
  unsynced_names_.erase(unsynced_names_.begin(),
                        unsynced_names_.begin() +
                            static_cast<std::ptrdiff_t>(random() % (unsynced_names_.size() + 1)));
  for (const auto& [name, before] : unsynced_names_ | std::views::reverse) {
    if (before) {
      std::ofstream(name, std::ios::binary | std::ios::trunc) << *before;
    } else {
      std::filesystem::remove(name);
    }
  }
  files_.clear();
  unsynced_names_.clear();
  operations_left_.reset();
}

void CrashFileSystem::lose_tail(const std::string& name,
                                const Lengths& lengths,
                                std::mt19937_64& random) {
  const auto unsynced = lengths.written - lengths.synced;
  const auto kept = random() % 3 == 0 ? 0 : random() % (unsynced + 1);
  std::filesystem::resize_file(name, lengths.synced + kept);
  // Pages reach the disk in any order: a log may have a hole before good records. (The manifest is
  // synced after each record, so its tail is at most one.)
  if (!name.ends_with(".log") || kept == 0 || random() % 2 == 0) return;
  const auto begin = random() % kept;
  const auto size = 1 + random() % (kept - begin);
  std::fstream file(name, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(lengths.synced + begin));
  file << std::string(size, '\0');
}

IOStatus CrashFileSystem::NewWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file,
                                          rocksdb::IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (auto power = use_power(); !power.ok()) return power;
  add_name(name);
  std::unique_ptr<rocksdb::FSWritableFile> real;
  auto status = target()->NewWritableFile(name, options, &real, debug);
  if (!status.ok()) return status;
  files_[name] = {};
  *file = std::make_unique<TrackedFile>(*this, name, std::move(real));
  return status;
}

IOStatus CrashFileSystem::NewDirectory(const std::string& name,
                                       const rocksdb::IOOptions& /*options*/,
                                       std::unique_ptr<rocksdb::FSDirectory>* directory,
                                       rocksdb::IODebugContext* /*debug*/) {
  *directory = std::make_unique<TrackedDirectory>(*this, name);
  return IOStatus::OK();
}

IOStatus CrashFileSystem::RenameFile(const std::string& from,
                                     const std::string& to,
                                     const rocksdb::IOOptions& options,
                                     rocksdb::IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (auto power = use_power(); !power.ok()) return power;
  add_name(to);
  auto status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  forget_name(from);
  if (const auto file = files_.find(from); file != files_.end()) {
    files_[to] = file->second;
    files_.erase(from);
  }
  return status;
}

IOStatus CrashFileSystem::DeleteFile(const std::string& name,
                                     const rocksdb::IOOptions& options,
                                     rocksdb::IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (auto power = use_power(); !power.ok()) return power;
  files_.erase(name);
  forget_name(name);
  return target()->DeleteFile(name, options, debug);
}

IOStatus CrashFileSystem::ReopenWritableFile(const std::string& /*name*/,
                                             const rocksdb::FileOptions& /*options*/,
                                             std::unique_ptr<rocksdb::FSWritableFile>* /*file*/,
                                             rocksdb::IODebugContext* /*debug*/) {
  return IOStatus::NotSupported("untracked write");
}

IOStatus CrashFileSystem::ReuseWritableFile(const std::string& /*name*/,
                                            const std::string& /*old_name*/,
                                            const rocksdb::FileOptions& /*options*/,
                                            std::unique_ptr<rocksdb::FSWritableFile>* /*file*/,
                                            rocksdb::IODebugContext* /*debug*/) {
  return IOStatus::NotSupported("untracked write");
}

IOStatus CrashFileSystem::NewRandomRWFile(const std::string& /*name*/,
                                          const rocksdb::FileOptions& /*options*/,
                                          std::unique_ptr<rocksdb::FSRandomRWFile>* /*file*/,
                                          rocksdb::IODebugContext* /*debug*/) {
  return IOStatus::NotSupported("untracked write");
}

}  // namespace confab
