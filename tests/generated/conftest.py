"""Fixtures of the tests of generated shops."""

from collections.abc import Iterator

import pytest

from .spring import one_build_at_a_time


@pytest.fixture(scope="module", name="one_build_at_a_time")
def _one_build_at_a_time() -> Iterator[None]:
    """Builds of Java by this module only; tests in other processes wait."""
    with one_build_at_a_time():
        yield
