"""The seeds that are written by hand: JSON, HTTP, targets and signatures, well-formed and hostile."""

import base64
import hashlib
import hmac
import json
import zlib

KEY = b"5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
NOW = 1_700_000_000
LIST = '{"From_Account":"id1","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":7}'

# Not one JSON object, or a strange one; also as scenario lines where text can hold them.
HOSTILE_JSON = (
    b'{"From_Account":"\xff\xfd"}',
    b'{"From_Account":"\xc0\x80"}',
    b'{"From_Account":"\xed\xa0\x80"}',
    b'{"From_Account":"\xf4\x90\x80\x80"}',
    b'{"From_Account":"\xe4\xbd"}',
    b'{"From_Account":"\\ud800"}',
    b'{"From_Account":"\\udc00\\ud800"}',
    b'{"From_Account":"\\ud83d\\ude00"}',
    b'{"From_Account":"\\u0000"}',
    b'{"From_Account":"id1\x00"}',
    b'{"From_Account":"id1"}\x00',
    b"\xef\xbb\xbf{}",
    b'{"From_Account":"id1","Type":' + b"[" * 63 + b"]" * 63 + b"}",
    b'{"From_Account":"id1","Type":' + b"[" * 64 + b"]" * 64 + b"}",
    b'{"a":' * 70 + b"1" + b"}" * 70,
    b"[" * 200,
    b'{"From_Account":"id1","Type":1,"Type":2,"To_Account":"id2","To_Account":"id3"}',
    b'{"From_Account":"id1","Type":99999999999999999999,"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":18446744073709551615,"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":-9223372036854775808,"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":1e400,"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":1.0,"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":-0,"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":1' + b"0" * 400 + b',"To_Account":"id2"}',
    b'{"From_Account":"id1","Type":0.' + b"0" * 400 + b'1,"To_Account":"id2"}',
    b'{"From_Account":"id1"} {}',
    b'{"From_Account":"id1"},',
    b'{"From_Account":"id1",}',
    b'{"":"","From_Account":{},"Type":[],"To_Account":null}',
    b'{"From_Account":"id1","Type":1,"To_Account":"id2","ClearRamble":1}',
)

# JSON values, good and bad ones, for where a string is wanted.
HOSTILE_VALUES = (
    b'"\\u0000"', b'"\\ud83d\\ude00"', b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b'"\x00"', b'""', b"null",
    b"true", b"0", b"-0.0", b"1e308", b"1e309", b"1e-400", b"123456789012345678901234567890", b"18446744073709551615",
    b"0.1", b"[]", b"{}", b"[[]]", b'{"Data":{}}', b"[" * 58 + b"]" * 58, b"[" * 62 + b"]" * 62,
    b'"\\u2028\\u2029\\/\\b\\f"', b'"\\"},{\\""',
)

# Fields of records, as input.h reads them and as they are stored.
RECORDS = (
    b"", b"\x00" * 24, b"\x01" * 24, b"\x7f" * 24, b"\xef" * 24, b"\xff" * 64, bytes(range(1, 40)), b"\x80\x80\x80\x80\x10" * 5,
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" * 3, b"\x02ab\x03cde\x01f\x02\x01a\x01b\x05\x05\x05\x05\x05\x05",
    b"\x01\x02\x03\x04\x05\x06\x07\x03abc\x02\x01x\x01y", b"\xe0\x01\xe1\x02\xe2\x03" * 8,
    b"\x00\x00\x01\x05\x01\x00\x01\x06\x02\x01\x01\x09\x03\x00\x02\x07", b"\x01\x00\x01\x03\x01\x00\x01\x04\x01\x00\x01\x05",
)


def percent_encoded(text):
    return "".join(f"%{byte:02X}" for byte in text.encode()).encode()


def packed(content):
    text = base64.b64encode(zlib.compress(content)).decode()
    return text.replace("+", "*").replace("/", "-").replace("=", "_")


def claims(identifier, app, time=NOW, expire=3600, userbuf=None):
    signed = f"TLS.identifier:{identifier}\nTLS.sdkappid:{app}\nTLS.time:{time}\nTLS.expire:{expire}\n"
    content = {"TLS.ver": "2.0", "TLS.identifier": identifier, "TLS.sdkappid": app, "TLS.expire": expire, "TLS.time": time}
    if userbuf is not None:
        signed += f"TLS.userbuf:{userbuf}\n"
        content["TLS.userbuf"] = userbuf
    content["TLS.sig"] = base64.b64encode(hmac.new(KEY, signed.encode(), hashlib.sha256).digest()).decode()
    return json.dumps(content).encode()


def user_sig_shapes():
    app = 1400000000
    good = claims("administrator", app)
    yield b"\x00" + packed(good).encode()
    yield b"\x01" + percent_encoded(packed(good))
    yield b"\x02" + good
    yield b"\x02" + claims("administrator", app, userbuf="YQ==")
    yield b"\x02" + claims("administrator", app, time=NOW - 3600)
    yield b"\x02" + claims("administrator", app, time=NOW - 3601)
    yield b"\x02" + claims("administrator", app, time=2**63 - 1, expire=0)
    yield b"\x02" + claims("administrator", app, time=2**63 - 1, expire=1)
    yield b"\x02" + claims("administrator", app, time=-2**63, expire=-1)
    yield b"\x02" + claims("administrator", 1400000001)
    yield b"\x02" + claims("id1", app)
    yield b"\x02" + good.replace(b"2.0", b"1.0")
    yield b"\x02" + good.replace(b'"TLS.time": 17', b'"TLS.time": 1.7')
    yield b"\x02[]"
    yield b"\x02" + b"[" * 100
    yield b"\x03" + zlib.compress(good)
    yield b"\x03" + zlib.compress(good)[:-3]
    yield b"\x03" + zlib.compress(good) + b"x"
    yield b"\x03" + zlib.compress(bytes(70_000))
    yield b"\x03" + zlib.compress(b"")
    yield b"\x04"
    yield b"\x04\x00\x05A\x06B"
    yield b"\x04\x01\x20_\x21_"
    yield b"\x05\x05\x05id1"
    yield b"\x05\xf0\x65\x53\xf1\x00\xf0\x00\x00\x0e\x10administrator"


def query_shapes():
    signature = packed(claims("admin", 88888888, expire=10 * 365 * 24 * 3600))
    good = f"sdkappid=88888888&identifier=admin&usersig={signature}&random=99999999&contenttype=json"
    path = "/v4/recentcontact/delete"
    targets = (
        f"{path}?{good}", f"http://host:80{path}?{good}", f"https://host{path}?{good}", f"{path}?{good}&{good}",
        f"/v4/openim/unknown?{good}", f"/v4/unknown/command?{good}", f"/v4/openim?{good}", f"/v4/openim/a/b?{good}",
        f"/v4//delete?{good}", f"/v4/recentcontact/?{good}", f"/V4/recentcontact/delete?{good}", f"{path}#f?{good}",
        f"{path}?{good.replace('admin', '%61dmin')}", f"{path}?{good.replace('sdkappid', '%73dkappid')}",
        f"{path}?{good.replace('=json', '=xml')}", f"{path}?{good.replace('88888888', '99999999')}",
        f"{path}?{good.replace('=88888888', '=4294967296')}", f"{path}?{good.replace('=88888888', '=+88888888')}",
        f"{path}?{good.replace('=88888888', '=')}", f"{path}?{good.replace('=admin', '=id%001')}",
        f"{path}?{good.replace('=admin', '=%E4%BD%A0')}", f"{path}?{good.replace('*', '+').replace('-', '/')}",
        f"{path}?{good.replace('_', '=')}", f"{path}?{good[:-60]}", f"{path}?identifier=admin", f"{path}?sdkappid=88888888",
        path, f"{path}?", f"{path}?&&&=&=&", f"{path}?%", f"{path}?identifier=%zz%4&sdkappid=%3", "", "/", "*", "/v4/", "http://",
        "https://host", "host:443", "a+b%2Bc",
    )
    for number, target in enumerate(targets):
        yield f"{number:02}", target.encode()
    yield "malformed", f"{path}?identifier=".encode() + b"\xff\xfe\x00&sdkappid=\x00"


def http_shapes():
    post = b"POST /v4/a/b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
    chunked = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    shapes = (
        post, post + post + post, post.replace(b"1.1", b"1.0"), post + b"\r\n" + post, b"\r\n\r\n" + post, post[:-1], post[:20],
        post.replace(b"Host: h", b"Connection: close") + post, b"GET / HTTP/1.1\r\n\r\n", b"HEAD / HTTP/1.1\r\n\r\n" + post,
        b"POST /a HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}" * 2,
        chunked + b"2\r\n{}\r\n0\r\n\r\n" + post, chunked + b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\nTrailer: t\r\n\r\n",
        chunked + b"ffffffffffffffff\r\n", chunked + b"fffffffffffffffff\r\n", chunked + b"x\r\n", chunked + b"2\r\n{}0\r\n\r\n",
        chunked + b"2\n{}\n0\n\n", chunked + b"00000000000002\r\n{}\r\n0\r\n\r\n", chunked + b"-1\r\n",
        chunked.replace(b"chunked", b"gzip, chunked") + b"0\r\n\r\n", chunked.replace(b"chunked", b"chunked, chunked") + b"0\r\n\r\n",
        chunked.replace(b"1.1", b"1.0") + b"0\r\n\r\n", chunked.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n") + b"0\r\n\r\n",
        post.replace(b"Content-Length: 2", b"Content-Length: 2\r\nContent-Length: 2"),
        post.replace(b"Content-Length: 2", b"Content-Length: 2\r\nContent-Length: 3"),
        post.replace(b": 2", b": +2"), post.replace(b": 2", b": -1"), post.replace(b": 2", b": 18446744073709551616"),
        post.replace(b": 2", b": 2000000"), post.replace(b": 2", b": 100") + b"x" * 100, post.replace(b": 2", b":2 "),
        post.replace(b"\r\n", b"\n"), post.replace(b"Host: h", b"Host: h\r\n folded"), post.replace(b"Host: h", b"Host : h"),
        post.replace(b"Host: h", b"X: " + b"y" * 300), post.replace(b"Host: h", b"Expect: 100-continue"),
        post.replace(b"Host: h", b"Upgrade: h2c\r\nConnection: Upgrade"), post.replace(b"Host: h", b"X: \x00"),
        post.replace(b"POST", b"P\x00ST"), post.replace(b" HTTP/1.1", b""), post.replace(b"1.1", b"2.0"), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"OPTIONS * HTTP/1.1\r\n\r\n", b"CONNECT h:443 HTTP/1.1\r\n\r\n",
        b"POST http://h/v4/a/b HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"POST  /a HTTP/1.1\r\n\r\n", b"", b"\r", b"\r\n",
    )
    for number, shape in enumerate(shapes):
        # All pieces, limits, answers and ends come up.
        yield f"{number:02}", bytes([(0, 1, 7, 200)[number % 4], number * 5 % 32]) + shape
        yield f"{number:02}-whole", bytes([3, 0]) + shape
