// The file descriptors that the machine gives this program, and who may have how many. A client is
// one, and clients must never take those that the store needs: without a new log file it cannot go
// on.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace confab {

/// Connections to the operations port at once.
inline constexpr std::size_t kMaxOpsConnections = 100;

struct DescriptorShares {
  std::size_t connections = 0;  // to the REST API, at most those wanted
  std::size_t store = 0;
};

/// Takes as many as the machine gives; how many that are.
std::size_t raise_descriptor_limit();

/// A quarter is the store's, the clients get what is left. kInternal, with a text for the operator:
/// nothing is left.
Result<DescriptorShares> share_descriptors(std::size_t limit,
                                           std::size_t wanted_connections,
                                           std::size_t io_threads);

}  // namespace confab
