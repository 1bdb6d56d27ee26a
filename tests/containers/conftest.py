"""Fixture: the engine, once for all tests."""

from collections.abc import Iterator

import pytest

from .engine import Engine, engine


@pytest.fixture(scope="session")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A running Docker without containers."""
    with engine(tmp_path_factory.mktemp("engine")) as running:
        # A run that was killed has left some in the folder of its data.
        running.clear()
        yield running
