"""Requests go first where the worker is a thread of the process that serves them."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_SECONDS = 0.2
"""How long a piece of work waits at most: under a constant stream of requests it goes on, too."""


class Courtesy:
    """Knows whether a request is being answered; whoever is about to begin a piece of work waits for that."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._longest = longest_seconds
        self._running = 0
        self._changed = threading.Condition()

    def counted(self, answer: "WSGIApplication") -> "WSGIApplication":
        """Return the application that notes how many requests are being answered."""

        def noted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            self._note(1)
            try:
                return answer(environ, start_response)
            finally:
                self._note(-1)

        return noted

    def give_way(self) -> None:
        """Wait until no request is being answered, but not for long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running, self._longest)

    def _note(self, more: int) -> None:
        with self._changed:
            self._running += more
            self._changed.notify_all()
