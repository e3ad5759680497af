// The machine as RocksDB sees it in crash tests: files that can lose power, no sleeping, and
// background jobs that run when the test says so, one after the other, so that a seed means
// nearly the same again. A store on it ends without power. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include <rocksdb/env.h>

#include "tests/store/crash_file_system.h"

namespace confab::testing {

class SteppedEnv final : public rocksdb::EnvWrapper {
 public:
  explicit SteppedEnv(std::shared_ptr<CrashFileSystem> file_system);
  SteppedEnv(const SteppedEnv&) = delete;
  SteppedEnv& operator=(const SteppedEnv&) = delete;
  SteppedEnv(SteppedEnv&&) = delete;
  SteppedEnv& operator=(SteppedEnv&&) = delete;
  ~SteppedEnv() override;
  const char* Name() const override { return "SteppedEnv"; }

  /// Runs flushes and compactions, and what they ask for, until none is left.
  void run_jobs();

  // rocksdb::Env
  void Schedule(void (*function)(void*),
                void* argument,
                Priority priority,
                void* tag,
                void (*unschedule)(void*)) override;
  int UnSchedule(void* tag, Priority priority) override;
  unsigned int GetThreadPoolQueueLen(Priority priority) const override;

 private:
  struct Job {
    void (*function)(void*);
    void* argument;
    Priority priority;
    void* tag;
    void (*unschedule)(void*);
  };

  /// The next job that may run. One without a tag removes files, and who closes the store waits for
  /// it; so it runs as well when power is gone, and changes nothing.
  std::deque<Job>::iterator next_job();
  void work();

  const std::shared_ptr<CrashFileSystem> files_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool running_ = false;  // a job is
  bool allowed_ = false;  // run_jobs waits
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace confab::testing
