#include "net/tls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "base/log.h"
#include "base/private_path.h"

namespace confab {
namespace {

template <auto Free>
struct FreeWith {
  void operator()(auto* object) const { Free(object); }
};
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

constexpr std::chrono::hours kLifetime{24 * 3652};
// So that a client whose clock is a little behind accepts it at once.
constexpr std::chrono::hours kHeadStart{1};

struct ExtensionRow {
  int nid;
  const char* value;  // as in an OpenSSL configuration file
};

// Clients with a constant host are pointed here by DNS, hence the service's documented hosts.
// CA:TRUE and keyCertSign make the certificate its own root: it can be given to a client as such.
constexpr ExtensionRow kExtensions[] = {
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_key_usage, "critical,digitalSignature,keyCertSign"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_subject_alt_name,
     "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:console.tim.qq.com,DNS:adminapisgp.im.qcloud.com,"
     "DNS:adminapikr.im.qcloud.com,DNS:adminapiger.im.qcloud.com,DNS:adminapiind.im.qcloud.com,"
     "DNS:adminapiusa.im.qcloud.com,DNS:adminapijpn.im.qcloud.com,DNS:adminapiidn.im.qcloud.com"},
};

std::string system_reason(int error) {
  return std::generic_category().message(error);
}

/// The newest reason that OpenSSL gives on this thread; forgets the others.
std::string openssl_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "unknown reason";
}

// --- making a certificate

bool add_extension(X509* certificate, const ExtensionRow& row) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_nconf_nid(nullptr, &context, row.nid, row.value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

constexpr int kSerialBits = 127;

bool set_random_serial(X509* certificate) {
  const BigNumber serial(BN_new());
  return serial != nullptr &&
         BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

/// Null if OpenSSL fails.
Certificate make_certificate(EVP_PKEY* key, std::chrono::system_clock::time_point now) {
  Certificate certificate(X509_new());
  if (certificate == nullptr) return nullptr;
  auto* const raw = certificate.get();
  const auto* const common_name = reinterpret_cast<const unsigned char*>("localhost");
  auto* const subject = X509_get_subject_name(raw);
  const auto from = std::chrono::system_clock::to_time_t(now - kHeadStart);
  const auto until = std::chrono::system_clock::to_time_t(now + kLifetime);
  bool ok = X509_set_version(raw, X509_VERSION_3) == 1 && set_random_serial(raw) &&
            ASN1_TIME_set(X509_getm_notBefore(raw), from) != nullptr &&
            ASN1_TIME_set(X509_getm_notAfter(raw), until) != nullptr &&
            X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
            X509_set_issuer_name(raw, subject) == 1 && X509_set_pubkey(raw, key) == 1;
  for (const auto& row : kExtensions)
    ok = ok && add_extension(raw, row);
  ok = ok && X509_sign(raw, key, EVP_sha256()) != 0;
  return ok ? std::move(certificate) : nullptr;
}

std::string text_of(BIO* memory) {
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory, &text);
  return {text, static_cast<std::size_t>(size)};
}

Status write_all(int file, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const auto count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kInternal, system_reason(errno));
    written += static_cast<std::size_t>(count);
  }
  if (::fsync(file) != 0) return fail(ErrorCode::kInternal, system_reason(errno));
  return {};
}

/// Creates `path`, which must not exist, with exactly `mode`; on failure it does not exist.
Status create_file(const std::string& path, mode_t mode, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0)
    return fail(ErrorCode::kInternal, "cannot create " + path + ": " + system_reason(errno));
  // The umask may have taken away what `mode` grants.
  auto outcome = ::fchmod(file, mode) == 0
                     ? write_all(file, text)
                     : Status(fail(ErrorCode::kInternal, system_reason(errno)));
  ::close(file);
  if (!outcome) {
    ::unlink(path.c_str());
    return fail(ErrorCode::kInternal, "cannot write " + path + ": " + outcome.error().detail);
  }
  return {};
}

bool exists(const std::string& path) {
  struct stat ignored;
  return ::lstat(path.c_str(), &ignored) == 0;
}

// --- speaking TLS

Status check_readable(const char* what, const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return fail(ErrorCode::kInternal,
                std::string("cannot read TLS ") + what + " " + path + ": " + system_reason(errno));
  }
  ::close(file);
  return {};
}

/// For keys with a pass phrase: fails, where OpenSSL would ask on the terminal.
int give_no_pass_phrase(char* /*text*/, int /*size*/, int /*writing*/, void* /*context*/) {
  return -1;
}

int select_http11(SSL* /*session*/,
                  const unsigned char** chosen,
                  unsigned char* chosen_size,
                  const unsigned char* offered,
                  unsigned offered_size,
                  void* /*context*/) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, kHttp11, sizeof kHttp11 - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void warn_unless_valid(X509* certificate,
                       const std::string& path,
                       std::chrono::system_clock::time_point now) {
  auto seconds = std::chrono::system_clock::to_time_t(now);
  const char* fault = nullptr;
  if (X509_cmp_time(X509_get0_notAfter(certificate), &seconds) < 0) fault = "expired";
  if (X509_cmp_time(X509_get0_notBefore(certificate), &seconds) > 0) fault = "not valid yet";
  if (fault != nullptr) {
    log_event(LogLevel::kWarning, "tls_certificate_not_valid",
              {{"certificate", path}, {"reason", fault}});
  }
}

Status load_files(SSL_CTX* context, const TlsFiles& files) {
  TRY_STATUS(check_readable("certificate", files.certificate_path));
  TRY_STATUS(check_readable("key", files.key_path));
  TRY_STATUS(check_private(files.key_path, "a TLS key", Sharing::kRootsGroup));
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate_path.c_str()) != 1) {
    return fail(ErrorCode::kInternal, "TLS certificate " + files.certificate_path +
                                          " is not a usable PEM certificate: " + openssl_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key_path.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool mismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
                          ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH;
    const auto reason = openssl_reason();
    if (mismatch) {
      return fail(ErrorCode::kInternal, "TLS key " + files.key_path +
                                            " does not belong to certificate " +
                                            files.certificate_path);
    }
    return fail(ErrorCode::kInternal,
                "TLS key " + files.key_path +
                    " is not a usable PEM key without pass phrase: " + reason);
  }
  return {};
}

}  // namespace

Status ensure_self_signed_certificate(const std::string& certificate_path,
                                      const std::string& key_path,
                                      std::chrono::system_clock::time_point now) {
  const bool has_certificate = exists(certificate_path);
  const bool has_key = exists(key_path);
  if (has_certificate && has_key) return {};
  if (has_certificate != has_key) {
    const auto& missing = has_key ? certificate_path : key_path;
    const auto& present = has_key ? key_path : certificate_path;
    return fail(ErrorCode::kInternal, "TLS needs both certificate and key, but " + missing +
                                          " is missing beside " + present +
                                          "; restore it, or remove the other to have both made");
  }
  const Key key(EVP_EC_gen("P-256"));
  const auto certificate = key != nullptr ? make_certificate(key.get(), now) : nullptr;
  const Bio key_text(BIO_new(BIO_s_mem()));
  const Bio certificate_text(BIO_new(BIO_s_mem()));
  if (certificate == nullptr || key_text == nullptr || certificate_text == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1)
    return fail(ErrorCode::kInternal, "cannot make a TLS certificate: " + openssl_reason());
  TRY_STATUS(create_file(key_path, 0600, text_of(key_text.get())));
  auto written = create_file(certificate_path, 0644, text_of(certificate_text.get()));
  if (!written) {
    ::unlink(key_path.c_str());
    return written;
  }
  log_event(LogLevel::kInfo, "tls_certificate_made",
            {{"certificate", certificate_path}, {"key", key_path}});
  return {};
}

Result<std::shared_ptr<ssl_ctx_st>> make_tls_context(const TlsFiles& files,
                                                     std::chrono::system_clock::time_point now) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  CHECK(context != nullptr, "out of memory for the TLS context");
  CHECK(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1, "TLS 1.2 is built in");
  SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_default_passwd_cb(context.get(), give_no_pass_phrase);
  SSL_CTX_set_alpn_select_cb(context.get(), select_http11, nullptr);
  TRY_STATUS(load_files(context.get(), files));
  warn_unless_valid(SSL_CTX_get0_certificate(context.get()), files.certificate_path, now);
  return context;
}

}  // namespace confab
