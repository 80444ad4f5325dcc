"""Ctrl-C as a request."""

import os
import signal
import threading

import pytest

from hiddenlogic.search.interrupt import listening


def _press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_before_there_is_something_to_keep_it_raises():
    with listening() as interrupt, pytest.raises(KeyboardInterrupt):
        _press()
    assert not interrupt.requested


def test_the_first_asks_and_the_second_raises():
    with listening() as interrupt:
        interrupt.arm()
        _press()
        assert interrupt.requested
        with pytest.raises(KeyboardInterrupt):
            _press()


def test_the_handler_before_is_back_afterwards():
    before = signal.getsignal(signal.SIGINT)
    with listening():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_get_a_plain_request():
    seen: list[bool] = []

    def work() -> None:
        with listening() as interrupt:
            interrupt.request()
            seen.append(interrupt.requested)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [True]
