#include "tests/store/crash_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "base/check.h"

namespace confab {
namespace {

using rocksdb::IOStatus;

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

enum class Doing : std::uint8_t { kCreate, kWrite, kSync };

FileStep step_of(Doing doing, const std::string& name) {
  const bool manifest = name.find("MANIFEST") != std::string::npos;
  const bool log = name.ends_with(".log");
  const bool table = name.ends_with(".sst");
  switch (doing) {
    case Doing::kCreate:
      return log ? FileStep::kLogCreation : table ? FileStep::kTableCreation : FileStep::kOther;
    case Doing::kWrite:
      if (manifest) return FileStep::kManifestWrite;
      return log ? FileStep::kLogWrite : table ? FileStep::kTableWrite : FileStep::kOther;
    case Doing::kSync:
      if (manifest) return FileStep::kManifestSync;
      return log ? FileStep::kLogSync : table ? FileStep::kTableSync : FileStep::kOther;
  }
  return FileStep::kOther;
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
    if (auto power = owner_.use_power(step_of(Doing::kWrite, name_)); !power.ok()) return power;
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
    if (auto power = owner_.use_power(step_of(Doing::kSync, name_)); !power.ok()) return power;
    // A name may have moved on; its file is found under the new one then.
    const auto file = owner_.files_.find(name_);
    if (file != owner_.files_.end()) file->second.synced = file->second.written;
    for (auto& change : owner_.unsynced_names_)
      change.synced = change.synced || change.name == name_;
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
    if (auto power = owner_.use_power(FileStep::kDirectorySync); !power.ok()) return power;
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

void CrashFileSystem::cut_power_at(FileStep step, std::uint64_t passage, bool afterwards) {
  const std::lock_guard lock(mutex_);
  moment_ = {step, passage, afterwards};
}

void CrashFileSystem::keep_power() {
  const std::lock_guard lock(mutex_);
  moment_.reset();
  if (operations_left_ != 0U) operations_left_.reset();
}

void CrashFileSystem::set_opening(bool opening) {
  const std::lock_guard lock(mutex_);
  opening_ = opening;
}

std::optional<FileStep> CrashFileSystem::last_step() const {
  const std::lock_guard lock(mutex_);
  return last_step_;
}

IOStatus CrashFileSystem::use_power(FileStep step) {
  bool last = false;
  if (moment_ && moment_->step == step && moment_->passage-- == 0) {
    if (!moment_->afterwards) operations_left_ = 0;
    last = moment_->afterwards;
    moment_.reset();
  }
  if (operations_left_ == 0U) {
    if (!last_step_) last_step_ = step;
    if (opening_ && step == FileStep::kLogWrite) return IOStatus::OK();
    return IOStatus::IOError("power is gone");
  }
  if (operations_left_) --*operations_left_;
  if (last) {
    operations_left_ = 0;
    last_step_ = step;
  }
  return IOStatus::OK();
}

void CrashFileSystem::add_name(const std::string& name) {
  std::optional<std::string> before;
  if (std::filesystem::exists(name)) before = content_of(name);
  unsynced_names_.push_back({.name = name, .before = std::move(before)});
}

void CrashFileSystem::forget_name(const std::string& name) {
  std::erase_if(unsynced_names_, [&](const auto& change) { return change.name == name; });
}

void CrashFileSystem::restore_power(std::mt19937_64& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, lengths] : files_) {
    if (std::filesystem::exists(name)) lose_tail(name, lengths, random);
  }
  lose_names(random);
  files_.clear();
  unsynced_names_.clear();
  operations_left_.reset();
  moment_.reset();
  last_step_.reset();
}

void CrashFileSystem::lose_names(std::mt19937_64& random) {
  const bool in_order = random() % 2 == 0;
  const auto first_lost = random() % (unsynced_names_.size() + 1);
  std::set<std::string> kept;  // whose later change stays
  for (auto i = unsynced_names_.size(); i-- > 0;) {
    const auto& [name, before, synced] = unsynced_names_[i];
    const bool lost = in_order ? i >= first_lost : !synced && random() % 2 == 0;
    if (!lost) kept.insert(name);
    if (kept.contains(name)) continue;
    if (before) {
      std::ofstream(name, std::ios::binary | std::ios::trunc) << *before;
    } else {
      std::filesystem::remove(name);
    }
  }
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
  if (auto power = use_power(step_of(Doing::kCreate, name)); !power.ok()) return power;
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
  if (auto power = use_power(FileStep::kRename); !power.ok()) return power;
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
  if (auto power = use_power(FileStep::kDeletion); !power.ok()) return power;
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
