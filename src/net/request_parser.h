// One request, read by Beast. For connection.cc alone. Used on one thread.
#pragma once

#include <cstdint>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "net/http.h"
#include "net/server.h"

namespace confab {

/// Beast's parser, writing into a request, and stricter about Transfer-Encoding: a coding that is
/// not understood hides where the body ends.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(HttpRequest& request, const HttpServerOptions& options) : request_(request) {
    header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
    body_limit(options.max_body_bytes);
    eager(true);
  }

  bool expects_continue() const { return expects_continue_; }

 private:
  using Text = boost::beast::string_view;
  using Code = boost::system::error_code;
  using Field = boost::beast::http::field;

  void on_request_impl(boost::beast::http::verb /*verb*/,
                       Text method,
                       Text target,
                       int version,
                       Code& /*ec*/) override {
    request_.method = method;
    request_.target = target;
    is_http11_ = version == 11;
  }
  void on_field_impl(Field field, Text /*name*/, Text value, Code& ec) override {
    if (field == Field::transfer_encoding) {
      if (!is_http11_ || !boost::beast::iequals(value, "chunked"))
        ec = boost::beast::http::error::bad_transfer_encoding;
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
  void on_response_impl(int /*status*/, Text /*reason*/, int /*version*/, Code&) override {}
  void on_header_impl(Code& /*ec*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code& /*ec*/) override {}
  void on_chunk_header_impl(std::uint64_t /*size*/, Text /*extension*/, Code&) override {}
  void on_finish_impl(Code& /*ec*/) override {}

  HttpRequest& request_;
  bool is_http11_ = true;
  bool expects_continue_ = false;
};

inline HttpRequest::Fault fault_of(const boost::system::error_code& ec) {
  if (ec == boost::beast::http::error::header_limit) return HttpRequest::Fault::kHeaderTooLarge;
  if (ec == boost::beast::http::error::body_limit) return HttpRequest::Fault::kBodyTooLarge;
  return HttpRequest::Fault::kMalformed;
}

}  // namespace confab
