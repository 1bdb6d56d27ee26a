"""Fixtures: a cluster that runs pods."""

from collections.abc import Iterator

import pytest

from .pods import Pods, pods


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pods]:
    """A cluster of two nodes. The tests of this package run in its network."""
    with pods(tmp_path_factory.mktemp("cluster")) as running:
        yield running
