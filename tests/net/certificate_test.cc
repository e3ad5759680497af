// The certificate that the server makes for itself, and what it says about files it cannot use.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/tls.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

using std::chrono::system_clock;

const auto kNow = system_clock::time_point(std::chrono::seconds(1'760'000'000));

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

unsigned mode_of(const std::string& path) {
  struct stat found{};
  ::stat(path.c_str(), &found);
  return found.st_mode & 07777U;
}

using Certificate = std::unique_ptr<X509, decltype([](X509* c) { X509_free(c); })>;

Certificate parse(const std::string& path) {
  const auto text = content_of(path);
  auto* const bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
  Certificate certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  CHECK(certificate != nullptr, "not a certificate");
  return certificate;
}

class CertificateTest : public testing::Test {
 protected:
  Status make() { return ensure_self_signed_certificate(certificate_, key_, kNow); }
  /// The error of using the two files; empty if they can be used.
  std::string use() const {
    const auto context = make_tls_context({certificate_, key_}, kNow);
    return context ? "" : context.error().detail;
  }

  TemporaryDirectory directory_;
  std::string certificate_ = directory_.file("cert.pem");
  std::string key_ = directory_.file("key.pem");
};

TEST_F(CertificateTest, Names) {
  ASSERT_TRUE(make());
  const auto certificate = parse(certificate_);
  for (const auto* name :
       {"localhost", "console.tim.qq.com", "adminapisgp.im.qcloud.com", "adminapikr.im.qcloud.com",
        "adminapiger.im.qcloud.com", "adminapiind.im.qcloud.com", "adminapiusa.im.qcloud.com",
        "adminapijpn.im.qcloud.com", "adminapiidn.im.qcloud.com"})
    EXPECT_EQ(X509_check_host(certificate.get(), name, 0, 0, nullptr), 1) << name;
  EXPECT_EQ(X509_check_host(certificate.get(), "example.com", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
}

TEST_F(CertificateTest, Lifetime) {
  ASSERT_TRUE(make());
  const auto certificate = parse(certificate_);
  const auto is_valid_at = [&](system_clock::time_point time) {
    auto seconds = system_clock::to_time_t(time);
    return X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate.get()), &seconds) > 0;
  };
  const auto ten_years = std::chrono::hours(24 * 3652);
  EXPECT_TRUE(is_valid_at(kNow));
  EXPECT_TRUE(is_valid_at(kNow + ten_years - std::chrono::seconds(1)));
  EXPECT_FALSE(is_valid_at(kNow + ten_years + std::chrono::seconds(1)));
}

TEST_F(CertificateTest, KeyAndUse) {
  ASSERT_TRUE(make());
  const auto certificate = parse(certificate_);
  auto* const key = X509_get0_pubkey(certificate.get());
  EXPECT_EQ(X509_check_ca(certificate.get()), 1);
  EXPECT_EQ(X509_get_key_usage(certificate.get()),
            static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN));
  EXPECT_EQ(X509_get_extended_key_usage(certificate.get()),
            static_cast<std::uint32_t>(XKU_SSL_SERVER));
  EXPECT_EQ(EVP_PKEY_get_base_id(key), EVP_PKEY_EC);
  EXPECT_EQ(EVP_PKEY_get_bits(key), 256);
  EXPECT_EQ(X509_verify(certificate.get(), key), 1);
  EXPECT_EQ(use(), "");
}

TEST_F(CertificateTest, FileModesHoldUnderAnyUmask) {
  for (const mode_t mask : {0000U, 0022U, 0077U, 0777U}) {
    std::filesystem::remove(certificate_);
    std::filesystem::remove(key_);
    const auto before = ::umask(mask);
    const auto made = make();
    ::umask(before);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(mode_of(key_), 0600U);
    EXPECT_EQ(mode_of(certificate_), 0644U);
  }
}

TEST_F(CertificateTest, ExistingFilesAreLeftAlone) {
  std::ofstream(certificate_) << "mine";
  std::ofstream(key_) << "mine too";
  EXPECT_TRUE(make());
  EXPECT_EQ(content_of(certificate_), "mine");
  EXPECT_EQ(content_of(key_), "mine too");
}

TEST_F(CertificateTest, TwoServersHaveDifferentSerialsAndKeys) {
  ASSERT_TRUE(make());
  const auto first = parse(certificate_);
  std::filesystem::remove(certificate_);
  std::filesystem::remove(key_);
  ASSERT_TRUE(make());
  const auto second = parse(certificate_);
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(first.get()),
                             X509_get0_serialNumber(second.get())),
            0);
  EXPECT_NE(EVP_PKEY_eq(X509_get0_pubkey(first.get()), X509_get0_pubkey(second.get())), 1);
}

TEST_F(CertificateTest, OneOfTheTwoMissingIsAnErrorThatNamesBoth) {
  for (const auto& [present, missing] : {std::pair(certificate_, key_), {key_, certificate_}}) {
    std::ofstream(present) << "mine";
    const auto outcome = make();
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().detail,
                testing::AllOf(testing::HasSubstr(missing), testing::HasSubstr(" is missing"),
                               testing::HasSubstr(present)));
    EXPECT_FALSE(std::filesystem::exists(missing));
    std::filesystem::remove(present);
  }
}

TEST_F(CertificateTest, DirectoryThatIsMissing) {
  certificate_ = directory_.file("none/cert.pem");
  const auto outcome = make();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().detail,
            "cannot create " + certificate_ + ": No such file or directory");
  EXPECT_FALSE(std::filesystem::exists(key_)) << "half of the pair was left behind";
}

TEST_F(CertificateTest, KeyOfAnotherCertificate) {
  ASSERT_TRUE(make());
  const auto old_key = content_of(key_);
  std::filesystem::remove(certificate_);
  std::filesystem::remove(key_);
  ASSERT_TRUE(make());
  std::ofstream(key_, std::ios::trunc) << old_key;
  EXPECT_EQ(use(), "TLS key " + key_ + " does not belong to certificate " + certificate_);
}

TEST_F(CertificateTest, FilesThatAreMissing) {
  EXPECT_EQ(use(), "cannot read TLS certificate " + certificate_ + ": No such file or directory");
  ASSERT_TRUE(make());
  std::filesystem::remove(key_);
  EXPECT_EQ(use(), "cannot read TLS key " + key_ + ": No such file or directory");
}

TEST_F(CertificateTest, FilesThatHoldSomethingElse) {
  ASSERT_TRUE(make());
  const auto key = content_of(key_);
  std::ofstream(key_, std::ios::trunc) << "nonsense";
  EXPECT_THAT(use(), testing::StartsWith("TLS key " + key_ + " is not a usable PEM key"));
  std::ofstream(key_, std::ios::trunc) << key;
  std::ofstream(certificate_, std::ios::trunc) << "nonsense";
  EXPECT_THAT(use(),
              testing::StartsWith("TLS certificate " + certificate_ + " is not a usable PEM"));
}

TEST_F(CertificateTest, KeyWithAPassPhraseIsRefusedWithoutAsking) {
  ASSERT_TRUE(make());
  auto* const key = EVP_EC_gen("P-256");
  auto* const file = BIO_new_file(key_.c_str(), "w");
  EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(file, key, EVP_aes_128_cbc(), "secret", 6, nullptr,
                                          nullptr),
            1);
  BIO_free(file);
  EVP_PKEY_free(key);
  EXPECT_THAT(use(), testing::StartsWith("TLS key " + key_ +
                                         " is not a usable PEM key without pass phrase"));
}

TEST_F(CertificateTest, ExpiredOneIsUsedWithAWarning) {
  ASSERT_TRUE(make());
  const auto logged_at = [&](system_clock::time_point now) {
    testing::internal::CaptureStderr();
    EXPECT_TRUE(make_tls_context({certificate_, key_}, now));
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(logged_at(kNow), "");
  const std::string warning = "event=tls_certificate_not_valid certificate=" + certificate_;
  EXPECT_THAT(logged_at(kNow + std::chrono::hours(24 * 4000)),
              testing::HasSubstr(warning + " reason=expired"));
  EXPECT_THAT(logged_at(kNow - std::chrono::hours(24)),
              testing::HasSubstr(warning + " reason=\"not valid yet\""));
}

}  // namespace
}  // namespace confab::test
