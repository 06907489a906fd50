"""Measurements for Prometheus: requests by route and status, steps of cases; right with several processes."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Histogram, generate_latest, start_http_server, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class PrometheusMeter:
    """A ``Meter`` whose counts are asked for as text; with a ``folder`` all processes that share it count together."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        if folder is not None:  # the library chooses when it is imported, which is before anybody knows the folder
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # untyped there
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "shuangyou_request_seconds",
            "Time to answer a request",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._steps = Histogram(
            "shuangyou_step_seconds",
            "Time of a step of a case, from its state read to its rows written",
            ("process",),
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note an answered request; ``route`` is the rule, never the address."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def step(self, process: str, seconds: float) -> None:
        """Note a step of a case of ``process``."""
        self._steps.labels(process).observe(seconds)

    def show(self, port: int) -> tuple[WSGIServer, Thread] | None:
        """Show the counts to this machine at ``port``, where no web process does it; return who does, None for 0."""
        return start_http_server(port, addr="127.0.0.1", registry=self._registry) if port else None

    def text(self, gauges: Iterable[tuple[str, str, float]]) -> bytes:
        """Return everything in Prometheus' text format; ``gauges``: name, help and value of what was just read."""
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]  # untyped there
        now = CollectorRegistry()
        now.register(_Read(gauges))
        return generate_latest(registry) + generate_latest(now)


class _Read(Collector):
    def __init__(self, gauges: Iterable[tuple[str, str, float]]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, words, value in self._gauges:
            yield GaugeMetricFamily(f"shuangyou_{name}", words, value=value)
