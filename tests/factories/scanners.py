"""A small clamd: speaks INSTREAM on a socket of its own, and finds malware where the bytes say so."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MARK = b"MALWARE-FOR-TESTS"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        content = b"".join(self._chunks())
        self.server.asked.append(content)
        answer = self.server.answer or (b"stream: Test.Mark FOUND" if MARK in content else b"stream: OK")
        self.wfile.write(answer + b"\n")

    def _chunks(self) -> Iterator[bytes]:
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            yield self.rfile.read(size)


class Clamd(socketserver.ThreadingTCPServer):
    """``asked``: what it was given to look at; ``answer``: what it says instead of looking."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.asked: list[bytes] = []
        self.answer = b""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def clamd() -> Iterator[Clamd]:
    """A running scanner; gone at the end of the block."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
