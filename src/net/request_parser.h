// Beast's parser, writing into a request. It is stricter where parsers disagree, so that nobody in
// front of this server sees other requests than it does: about Transfer-Encoding, since a coding
// that is not understood hides where the body ends, and about trailers, whose lines are held to
// what HeadScan holds those of heads to. For connection.cc alone; one for each request.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "net/head_scan.h"
#include "net/http.h"
#include "net/server.h"

namespace confab {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(HttpRequest& request, const HttpServerOptions& options)
      : request_(request), keep_headers_(options.keep_headers) {
    header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
    body_limit(options.max_body_bytes);
    eager(true);
  }

  /// Takes bytes from the front of `received` and returns how many.
  std::size_t read(std::string_view received, boost::system::error_code& ec) {
    received_ = received;
    return put(boost::asio::buffer(received), ec);
  }

  bool expects_continue() const { return expects_continue_; }

 private:
  using Text = boost::beast::string_view;
  using Code = boost::system::error_code;
  using Field = boost::beast::http::field;
  using Fault = boost::beast::http::error;

  void on_request_impl(boost::beast::http::verb /*verb*/,
                       Text method,
                       Text target,
                       int version,
                       Code& /*ec*/) override {
    request_.method = method;
    request_.target = target;
    request_.headers.clear();
    is_http11_ = version == 11;
  }
  void on_field_impl(Field field, Text name, Text value, Code& ec) override {
    if (keep_headers_) keep(name, value);
    if (field == Field::transfer_encoding) {
      if (!is_http11_ || !boost::beast::iequals(value, "chunked"))
        ec = Fault::bad_transfer_encoding;
    } else if (field == Field::expect && is_http11_) {
      expects_continue_ = boost::beast::iequals(value, "100-continue");
    }
  }
  std::size_t on_body_impl(Text bytes, Code& /*ec*/) override {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, Text bytes, Code& ec) override {
    return on_body_impl(bytes, ec);
  }
  void on_chunk_header_impl(std::uint64_t size, Text extension, Code& ec) override {
    if (size != 0) return;
    // Called for the last chunk when its trailers have arrived, which follow its extension.
    const auto end =
        static_cast<std::size_t>(extension.data() + extension.size() - received_.data());
    if (HeadScan().advance(received_.substr(end)) != HeadScan::Outcome::kComplete)
      ec = Fault::bad_obs_fold;
  }
  void on_response_impl(int /*status*/, Text /*reason*/, int /*version*/, Code& /*ec*/) override {}
  void on_header_impl(Code& /*ec*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code& /*ec*/) override {}
  void on_finish_impl(Code& /*ec*/) override {}

  void keep(Text name, Text value) {
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    request_.headers.emplace_back(std::move(lower), value);
  }

  HttpRequest& request_;
  const bool keep_headers_;
  std::string_view received_;
  bool is_http11_ = true;
  bool expects_continue_ = false;
};

inline HttpRequest::Fault fault_of(const boost::system::error_code& ec) {
  if (ec == boost::beast::http::error::header_limit) return HttpRequest::Fault::kHeaderTooLarge;
  if (ec == boost::beast::http::error::body_limit) return HttpRequest::Fault::kBodyTooLarge;
  return HttpRequest::Fault::kMalformed;
}

}  // namespace confab
