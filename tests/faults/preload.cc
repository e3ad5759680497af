// The library of faults: loaded into the program before libc, it takes the place of the calls that
// write, sync and tell the time, and does what the switch says.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "tests/faults/switch.h"

#include <dlfcn.h>

namespace {

using confab::testing::FaultSwitch;

/// A variable of the environment without which this library has no work.
const char* variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  const char* const value = std::getenv(name);
  if (value == nullptr) std::abort();
  return value;
}

FaultSwitch& faults() {
  static FaultSwitch* const kMapped = [] {
    const int file = ::open(variable(confab::testing::kSwitchVariable), O_RDWR | O_CLOEXEC);
    auto* const mapped =
        ::mmap(nullptr, sizeof(FaultSwitch), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) std::abort();
    ::close(file);
    return static_cast<FaultSwitch*>(mapped);
  }();
  return *kMapped;
}

/// libc's own `name`.
template <typename Call>
Call* next(const char* name) {
  return reinterpret_cast<Call*>(::dlsym(RTLD_NEXT, name));
}

bool is_struck(int file) {
  static const std::string kDirectory = variable(confab::testing::kDirectoryVariable);
  char path[4096];
  const auto size =
      ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path, sizeof path);
  const std::string_view name(path, size > 0 ? static_cast<std::size_t>(size) : 0);
  return name.starts_with(kDirectory) && (!faults().only_tables || name.ends_with(".sst"));
}

/// The error with which a call on `file` fails, or 0. Waits first while it is held.
int strike(int file, const std::atomic<int>& error, const std::atomic<bool>& hold) {
  if (error == 0 && !hold) return 0;
  if (!is_struck(file)) return 0;
  ++faults().struck;
  while (hold)
    ::poll(nullptr, 0, 1);
  return error;
}

int on_write(int file) {
  return strike(file, faults().write_error, faults().hold_writes);
}

int on_sync(int file) {
  return strike(file, faults().sync_error, faults().hold_syncs);
}

template <typename Number>
Number failed(int error) {
  errno = error;
  return -1;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
  static auto* const kNext = next<decltype(write)>("write");
  if (const int error = on_write(file)) return failed<ssize_t>(error);
  return kNext(file, bytes, count);
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t at) {
  static auto* const kNext = next<decltype(pwrite)>("pwrite");
  if (const int error = on_write(file)) return failed<ssize_t>(error);
  return kNext(file, bytes, count, at);
}

int fallocate(int file, int mode, off_t at, off_t count) {
  static auto* const kNext = next<decltype(fallocate)>("fallocate");
  if (const int error = on_write(file)) return failed<int>(error);
  return kNext(file, mode, at, count);
}

int ftruncate(int file, off_t size) noexcept {
  static auto* const kNext = next<decltype(ftruncate)>("ftruncate");
  if (const int error = on_write(file)) return failed<int>(error);
  return kNext(file, size);
}

int fsync(int file) {
  static auto* const kNext = next<decltype(fsync)>("fsync");
  if (const int error = on_sync(file)) return failed<int>(error);
  return kNext(file);
}

int fdatasync(int file) {
  static auto* const kNext = next<decltype(fdatasync)>("fdatasync");
  if (const int error = on_sync(file)) return failed<int>(error);
  return kNext(file);
}

int sync_file_range(int file, off_t at, off_t count, unsigned flags) {
  static auto* const kNext = next<decltype(sync_file_range)>("sync_file_range");
  // Without flags it does nothing, and is how RocksDB asks whether there is such a call.
  if (flags == 0) return kNext(file, at, count, flags);
  if (const int error = on_sync(file)) return failed<int>(error);
  return kNext(file, at, count, flags);
}

int statvfs(const char* path, struct statvfs* found) noexcept {
  static auto* const kNext = next<int(const char*, struct statvfs*)>("statvfs");
  const int outcome = kNext(path, found);
  if (outcome == 0 && faults().no_space) found->f_bavail = found->f_bfree = 0;
  return outcome;
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  static auto* const kNext = next<decltype(clock_gettime)>("clock_gettime");
  const int outcome = kNext(clock, now);
  if (outcome == 0 && clock == CLOCK_REALTIME) now->tv_sec += faults().clock_ahead_s;
  return outcome;
}

int gettimeofday(timeval* now, void* zone) noexcept {
  static auto* const kNext = next<decltype(gettimeofday)>("gettimeofday");
  const int outcome = kNext(now, zone);
  if (outcome == 0) now->tv_sec += faults().clock_ahead_s;
  return outcome;
}

time_t time(time_t* now) noexcept {
  timespec found{};
  clock_gettime(CLOCK_REALTIME, &found);
  if (now != nullptr) *now = found.tv_sec;
  return found.tv_sec;
}

// Waiting until a time of the wall clock: the kernel's has not jumped, so what it gets has to.
int pthread_cond_timedwait(pthread_cond_t* condition,
                           pthread_mutex_t* mutex,
                           const timespec* until) {
  static auto* const kNext = next<decltype(pthread_cond_timedwait)>("pthread_cond_timedwait");
  timespec real = *until;
  real.tv_sec -= faults().clock_ahead_s;
  return kNext(condition, mutex, &real);
}

}  // extern "C"
