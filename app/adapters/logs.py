"""Logs as JSON lines on standard error, the libraries' as well; no value that anybody typed stands in them."""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import orjson
import structlog
from gunicorn.glogging import Logger as GunicornLogger
from structlog.typing import EventDict, Processor

_QUIET = {"alembic": logging.WARNING, "procrastinate": logging.WARNING, "psycopg": logging.WARNING}
"""Libraries whose ordinary chatter says nothing about the office's work."""


class _ToStandardError(logging.Handler):
    """Writes to whatever is standard error at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


def log_as_json() -> None:
    """Have everything logged as one JSON object a line."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _tell_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = _ToStandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [*(kept for kept in root.handlers if not isinstance(kept, _ToStandardError)), handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)


def _json(event: EventDict, **_options: Any) -> str:
    return orjson.dumps(event, default=repr).decode()


class JsonLogger(GunicornLogger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own messages go where everything goes."""

    def setup(self, cfg: Any) -> None:
        """Leave the handlers to the root logger."""
        self.cfg = cfg
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


def trouble(error: BaseException) -> dict[str, Any]:
    """Return an exception as a log may keep it: its kinds and places. Messages may hold what people typed."""
    kinds = []
    cause: BaseException | None = error
    while cause is not None:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    return {"kinds": kinds, "places": _places(error.__traceback__)}


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _tell_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = trouble(error)
    return event
