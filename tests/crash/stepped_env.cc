#include "tests/crash/stepped_env.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace confab::testing {

SteppedEnv::SteppedEnv(std::shared_ptr<CrashFileSystem> file_system)
    : EnvWrapper(Env::Default()), files_(std::move(file_system)) {
  file_system_ = files_;
  system_clock_ = std::make_shared<SleeplessClock>();
  thread_ = std::thread([this] { work(); });
}

SteppedEnv::~SteppedEnv() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SteppedEnv::run_jobs() {
  std::unique_lock lock(mutex_);
  allowed_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return jobs_.empty() && !running_; });
  allowed_ = false;
}

void SteppedEnv::Schedule(void (*function)(void*),
                          void* argument,
                          Priority priority,
                          void* tag,
                          void (*unschedule)(void*)) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back({function, argument, priority, tag, unschedule});
  changed_.notify_all();
}

int SteppedEnv::UnSchedule(void* tag, Priority priority) {
  std::vector<Job> taken;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(jobs_, [&](const Job& job) {
      const bool mine = job.tag == tag && job.priority == priority;
      if (mine) taken.push_back(job);
      return mine;
    });
    changed_.notify_all();
  }
  for (const auto& job : taken) {
    if (job.unschedule != nullptr) job.unschedule(job.argument);
  }
  return static_cast<int>(taken.size());
}

unsigned int SteppedEnv::GetThreadPoolQueueLen(Priority priority) const {
  const std::lock_guard lock(mutex_);
  return static_cast<unsigned int>(std::ranges::count(jobs_, priority, &Job::priority));
}

std::deque<SteppedEnv::Job>::iterator SteppedEnv::next_job() {
  return std::ranges::find_if(jobs_, [this](const Job& job) {
    return allowed_ || (job.tag == nullptr && !files_->has_power());
  });
}

void SteppedEnv::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (!ending_ && next_job() == jobs_.end()) {
      // Nobody tells when power goes.
      changed_.wait_for(lock, std::chrono::milliseconds(jobs_.empty() ? 1000 : 1));
    }
    const auto next = next_job();
    if (next == jobs_.end()) return;
    const auto job = *next;
    jobs_.erase(next);
    running_ = true;
    lock.unlock();
    job.function(job.argument);
    lock.lock();
    running_ = false;
    changed_.notify_all();
  }
}

}  // namespace confab::testing
