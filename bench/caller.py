"""One kept HTTP connection whose requests leave in one piece.

http.client sends headers and body apart. A server that does not expect that can wait 40 ms for the
kernel to acknowledge the first part; as a measurement that would say something about the client.
"""

import http.client
import json
import socket
import time

IDLE_SECONDS = 5  # servers close what has been idle for long; a new connection before that is simpler


class Caller:
    def __init__(self, port):
        self.port = port
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.used = time.monotonic()

    def post(self, path, body):
        """The JSON of the answer. Raises unless the status is 200."""
        if time.monotonic() - self.used > IDLE_SECONDS:
            self.socket.close()
            self.connect()
        text = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + text)
        response = http.client.HTTPResponse(self.socket, method="POST")
        response.begin()
        answer = response.read().decode()
        self.used = time.monotonic()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {answer}")
        return json.loads(answer)
