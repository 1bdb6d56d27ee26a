"""Work in threads beside a test."""

import threading

import pytest

from tests.background import at_work


def test_an_error_of_a_work_fails_the_test() -> None:
    """A thread that ended early proves nothing, so its error is raised when the block ends."""
    stopping = threading.Event()

    def wait() -> None:
        stopping.wait()

    def fail() -> None:
        raise AssertionError("the answer breaks the contract")

    with pytest.raises(AssertionError, match="breaks the contract"), at_work([wait, fail], stopping):
        pass
    assert stopping.is_set()
