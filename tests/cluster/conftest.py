"""Fixtures: a control plane, its nodes, and shops that have been released to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from . import definitions
from .cluster import Cluster, control_plane, until
from .nodes import Nodes, made_up_nodes
from .shops import Shop, shop


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A control plane that knows the custom resources of generated manifests."""
    with control_plane(tmp_path_factory.mktemp("control-plane")) as running:
        definitions.install(running)
        yield running


@pytest.fixture(scope="session")
def all_nodes(cluster: Cluster) -> Iterator[Nodes]:
    """The nodes of the cluster."""
    with made_up_nodes(cluster) as running:
        yield running


@pytest.fixture
def nodes(all_nodes: Nodes) -> Iterator[Nodes]:
    """The nodes of the cluster; each migration is done at once unless the test says otherwise."""
    yield all_nodes
    all_nodes.migrations.clear()


@pytest.fixture
def released(cluster: Cluster, nodes: Nodes, tmp_path: Path) -> Iterator[Shop]:
    """A monolith whose release 1.0.0 runs."""
    with _released(cluster, tmp_path / "shop", "monolith") as made:
        yield made


@pytest.fixture
def services(cluster: Cluster, nodes: Nodes, tmp_path: Path) -> Iterator[Shop]:
    """Microservices whose release 1.0.0 runs."""
    with _released(cluster, tmp_path / "shop", "microservices") as made:
        yield made


@contextmanager
def _released(cluster: Cluster, folder: Path, pattern: str) -> Iterator[Shop]:
    with shop(cluster, folder, pattern, {}) as made:
        assert made.make("release", "TAG=1.0.0") == (0, "")
        until(made.settled)
        yield made
