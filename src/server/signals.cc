#include "server/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include "base/check.h"

namespace confab {
namespace {

sigset_t stop_set() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

int blocked_signals() {
  auto set = stop_set();
  sigaddset(&set, SIGHUP);
  CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0, "signals cannot be blocked");
  return signalfd(-1, &set, SFD_CLOEXEC);
}

}  // namespace

Signals::Signals()
    : signals_(blocked_signals()), failures_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CHECK(signals_.is_open() && failures_.is_open(), "no descriptors for signals");
}

void Signals::report_failure(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (reason_) return;
  reason_ = reason;
  CHECK(eventfd_write(failures_.number(), 1) == 0, "the failure cannot be reported");
}

Signals::Event Signals::wait() {
  pollfd events[] = {{.fd = signals_.number(), .events = POLLIN, .revents = 0},
                     {.fd = failures_.number(), .events = POLLIN, .revents = 0}};
  while (poll(events, std::size(events), -1) < 0)
    CHECK(errno == EINTR, "poll failed");
  if ((events[0].revents & POLLIN) != 0) {
    // Taken, or the unblocking below would deliver it.
    signalfd_siginfo taken{};
    CHECK(::read(signals_.number(), &taken, sizeof taken) == sizeof taken, "no signal to take");
    if (taken.ssi_signo == SIGHUP) return {Kind::kReload, {}};
  }
  const auto set = stop_set();
  CHECK(pthread_sigmask(SIG_UNBLOCK, &set, nullptr) == 0, "signals cannot be unblocked");
  const std::lock_guard lock(mutex_);
  if (reason_) return {Kind::kFailure, *reason_};
  return {Kind::kStop, {}};
}

}  // namespace confab
