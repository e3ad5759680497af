import http.server
import threading
import unittest

from caller import Caller


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class TestCaller(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()
        self.caller = Caller(self.server.server_address[1])
        self.addCleanup(lambda: self.caller.socket.close())

    def test_a_connection_serves_many_requests(self):
        first = self.caller.socket
        self.assertEqual(self.caller.post("/a", {"n": 1}), {"n": 1})
        self.assertEqual(self.caller.post("/a", {"n": 2}), {"n": 2})
        self.assertIs(self.caller.socket, first)

    def test_one_that_was_idle_for_long_is_replaced(self):
        first = self.caller.socket
        self.caller.used -= 3600
        self.assertEqual(self.caller.post("/a", {"n": 1}), {"n": 1})
        self.assertIsNot(self.caller.socket, first)

    def test_another_status_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "/missing: 404"):
            self.caller.post("/missing", {})


if __name__ == "__main__":
    unittest.main()
