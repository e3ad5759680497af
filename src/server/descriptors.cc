#include "server/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

#include <fmt/format.h>

namespace confab {
namespace {

constexpr std::size_t kLeastForStore = 64;
constexpr std::size_t kMostForStore = std::size_t{1} << 20U;
// Listener, epoll, its timer and its wake-up.
constexpr std::size_t kForEachThread = 4;
// The program's own: standard streams, signals, the operations port, files that it reads or
// replaces, and the connections that are accepted only to be closed.
constexpr std::size_t kForItself = 40;

}  // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const auto before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

Result<DescriptorShares> share_descriptors(std::size_t limit,
                                           std::size_t wanted_connections,
                                           std::size_t io_threads) {
  const auto store = std::clamp(limit / 4, kLeastForStore, kMostForStore);
  const auto taken = store + kMaxOpsConnections + kForItself + kForEachThread * io_threads;
  if (limit <= taken) {
    return fail(ErrorCode::kInternal,
                fmt::format("this machine lets the program open {} files; it needs {}, and one for "
                            "each of rest.max_connections = {}: raise the limit (ulimit -n)",
                            limit, taken, wanted_connections));
  }
  return DescriptorShares{.connections = std::min(wanted_connections, limit - taken),
                          .store = store};
}

}  // namespace confab
