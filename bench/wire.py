"""Requests over plain sockets: many at once to make data, or one by one to measure.

Only for answers without inner objects: the end of one is told by its brace.
"""

import itertools
import json
import socket

PIPELINED = 32  # as many as the server takes on one connection


class Wire:
    """One kept connection."""

    def __init__(self, confab):
        self.confab = confab
        self.socket = socket.create_connection(("127.0.0.1", confab.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def encode(self, command, body):
        text = json.dumps(body)
        return (
            f"POST /v4/{command}?{self.confab.query} HTTP/1.1\r\nHost: confab\r\n"
            f"Content-Length: {len(text)}\r\n\r\n{text}"
        ).encode()

    def send(self, requests):
        self.socket.sendall(b"".join(requests))

    def finish(self, count):
        """Waits for so many answers; raises unless all say success. Gives them."""
        answers = b""
        while answers.count(b"}") < count:
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise RuntimeError("the server has closed the connection")
            answers += piece
        if answers.count(b'"ErrorCode":0') != count:
            raise RuntimeError(f"refused: {answers.decode()}")
        return answers


def send_all(confab, requests, at_once=256):
    """Sends each (command, body), with so many on their way at any time."""
    wires = [Wire(confab) for _ in range(max(2, at_once // PIPELINED))]
    each_takes = max(1, at_once // len(wires))
    waiting = [0] * len(wires)
    requests = iter(requests)
    for turn in itertools.count():
        i = turn % len(wires)
        wires[i].finish(waiting[i])
        burst = [wires[i].encode(*each) for each in itertools.islice(requests, each_takes)]
        wires[i].send(burst)
        waiting[i] = len(burst)
        if not any(waiting):
            break
    for wire in wires:
        wire.close()
