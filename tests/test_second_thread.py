"""Work shared with a second thread."""

import threading

import pytest

from index.second_thread import SecondThread


def test_a_free_thread_does_the_work():
    thread = SecondThread("beside")
    here = threading.get_ident()
    begun = threading.Event()

    def work():
        begun.set()
        return threading.get_ident()

    wait = thread.start(work)
    assert begun.wait(5)
    assert wait() != here


def test_of_a_busy_thread_the_work_is_done_by_the_one_who_waits():
    thread, gate = SecondThread("beside"), threading.Event()
    held = thread.start(lambda: gate.wait(60))
    try:
        assert thread.start(threading.get_ident)() == threading.get_ident()
    finally:
        gate.set()
    assert held()


def test_what_the_work_raises_is_raised_for_the_one_who_waits():
    def broken():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        SecondThread("beside").start(broken)()
