// A file system that can lose power: it knows what was synced, and takes the rest away. It never
// syncs the disk itself, so tests on it are fast. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

namespace confab {

/// What is done to a file, by the kind of file: a log, a table, or what leads to them.
enum class FileStep : std::uint8_t {
  kLogCreation,
  kLogWrite,
  kLogSync,
  kTableCreation,
  kTableWrite,
  kTableSync,
  kManifestWrite,
  kManifestSync,
  kRename,
  kDirectorySync,
  kDeletion,
  kOther,
};
inline constexpr std::size_t kFileSteps = 12;

/// RocksDB sleeps for a second after a failed flush.
class SleeplessClock final : public rocksdb::SystemClockWrapper {
 public:
  SleeplessClock() : SystemClockWrapper(SystemClock::Default()) {}
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int /*micros*/) override {}
};

class CrashFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  CrashFileSystem();
  const char* Name() const override { return "CrashFileSystem"; }

  /// After `operations` more writes, syncs, creations, renames or deletions power is gone: they all
  /// fail, and nothing reaches the disk.
  void cut_power_after(std::uint64_t operations);
  /// Power is gone with the `passage`th `step` from now on (from 0): just before it, or just after.
  void cut_power_at(FileStep step, std::uint64_t passage, bool afterwards);
  /// No cut any more, unless it has come already.
  void keep_power();
  /// While `opening`, a write to a log after the loss is taken and lost, the next step fails
  /// instead: RocksDB 7.8 waits for ever for its own lock when the log write of DB::Open fails.
  void set_opening(bool opening);
  /// The step that power did not last for, or that it went right after.
  std::optional<FileStep> last_step() const;
  bool has_power() const;

  /// Applies the loss and lets a new user of the files begin. Of each file's unsynced end nothing,
  /// a part or a damaged part stays. Of the creations and renames that no directory sync followed
  /// the first few stay, as in a journal, or any of them and those of files that were synced
  /// themselves; deletions stay. REQUIRES: the files' user is gone (a closing file may still change
  /// its length).
  void restore_power(std::mt19937_64& random);

  // rocksdb::FileSystem
  rocksdb::IOStatus NewWritableFile(const std::string& name,
                                    const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name,
                                 const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from,
                               const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  // Ways to write that would go unnoticed; the store uses none of them.
  rocksdb::IOStatus ReopenWritableFile(const std::string& name,
                                       const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& name,
                                      const std::string& old_name,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& name,
                                    const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* debug) override;

 private:
  friend class TrackedFile;
  friend class TrackedDirectory;

  struct Lengths {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };

  struct NameChange {
    std::string name;
    std::optional<std::string> before;  // the content that it named until then
    bool synced = false;                // the file was
  };

  struct Moment {
    FileStep step;
    std::uint64_t passage;
    bool afterwards;
  };

  /// Counts one operation; an error once power is gone. REQUIRES: mutex_ is held.
  rocksdb::IOStatus use_power(FileStep step);
  void lose_names(std::mt19937_64& random);
  void add_name(const std::string& name);
  void forget_name(const std::string& name);
  void lose_tail(const std::string& name, const Lengths& lengths, std::mt19937_64& random);

  mutable std::mutex mutex_;
  std::map<std::string, Lengths> files_;
  /// Creations and renames since the last sync of their directory, in order.
  std::vector<NameChange> unsynced_names_;
  std::optional<std::uint64_t> operations_left_;
  std::optional<Moment> moment_;
  std::optional<FileStep> last_step_;
  bool opening_ = false;
};

}  // namespace confab
