"""A worker in the process of the pages begins a piece when no request is being answered, or has waited long enough."""

import threading

import pytest

from app.adapters.courtesy import Courtesy


def answering(courtesy, done, told):
    """A request that is being answered until ``done`` is set."""
    begun = threading.Event()

    def answer(_environ, _start_response):
        begun.set()
        done.wait()
        told.append("answered")
        return []

    thread = threading.Thread(target=courtesy.counted(answer), args=({}, None))
    thread.start()
    begun.wait()
    return thread


def test_work_waits_for_the_request_that_is_being_answered():
    courtesy, done, told = Courtesy(longest_seconds=3600), threading.Event(), []
    request = answering(courtesy, done, told)

    def work():
        courtesy.give_way()
        told.append("worked")

    worker = threading.Thread(target=work)
    worker.start()
    done.set()
    worker.join()
    request.join()
    assert told == ["answered", "worked"]


def test_work_goes_on_under_a_constant_stream_of_requests():
    done, told = threading.Event(), []
    courtesy = Courtesy(longest_seconds=0)
    request = answering(courtesy, done, told)
    courtesy.give_way()
    assert told == []
    done.set()
    request.join()


def test_a_request_that_failed_is_over():
    courtesy = Courtesy(longest_seconds=3600)

    def fail(_environ, _start_response):
        raise LookupError

    with pytest.raises(LookupError):
        courtesy.counted(fail)({}, None)
    courtesy.give_way()
