// Certificates and what TLS is spoken with. Any thread.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"

struct ssl_ctx_st;

namespace confab {

struct TlsFiles {
  std::string certificate_path;  // PEM, the server's certificate first, then its chain
  std::string key_path;          // PEM, without a pass phrase
};

/// Makes a key (P-256, mode 0600) and a self-signed certificate for it (mode 0644, 10 years from
/// `now`) if neither file exists; leaves existing ones alone. The certificate names localhost and
/// its addresses and the documented hosts of the service, and is its own root.
/// kInternal, with a text for the operator: only one of the two exists, or they cannot be written.
Status ensure_self_signed_certificate(const std::string& certificate_path,
                                      const std::string& key_path,
                                      std::chrono::system_clock::time_point now);

/// TLS 1.2 and later, http/1.1 by ALPN, with the certificate and key of `files`. An expired
/// certificate is logged and used. With a text for the operator, kInternal: a file cannot be read
/// or understood, or the key does not belong to the certificate; kInvalidField: others can read the
/// key.
Result<std::shared_ptr<ssl_ctx_st>> make_tls_context(const TlsFiles& files,
                                                     std::chrono::system_clock::time_point now);

/// The context that new connections begin with; it may be replaced at any time. A connection keeps
/// the one that it began with. Null: plain.
class TlsSlot {
 public:
  std::shared_ptr<ssl_ctx_st> get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }

  void set(std::shared_ptr<ssl_ctx_st> context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_;  // guarded by mutex_
};

}  // namespace confab
