"""A monolith as real pods: its contract and its policies, a release and a drain under load."""

import socket
from collections.abc import Iterator

import pytest

from tests.cluster.cluster import until

from .node import OUTSIDE
from .pods import EDGE, Pods
from .shops import Running, released

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def monolith(cluster: Pods, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A monolith whose release 1.0.0 runs."""
    with released(cluster, tmp_path_factory.mktemp("monolith"), "monolith") as running:
        yield running


def test_it_keeps_its_contract(monolith: Running) -> None:
    """It passes the acceptance suite through its edge."""
    print(monolith.accept())


def test_only_what_policies_allow_is_connected(monolith: Running) -> None:
    """Pods of the shop reach their database only, and are reached from the edge only."""
    made, pods = monolith.shop, monolith.pods
    (pod, *_) = made.ready()
    name, address = pod["metadata"]["name"], pod["status"]["podIP"]
    pods.start("stranger", "default")
    with socket.create_server((OUTSIDE, 0)) as outside:
        ways = {
            "database": (name, made.namespace, monolith.database.host, monolith.database.port),
            "edge": (made.namespace, EDGE, address, 8000),
            "outside": (name, made.namespace, OUTSIDE, outside.getsockname()[1]),
            "stranger": ("stranger", "default", address, 8000),
        }
        allowed = {way for way, connection in ways.items() if pods.reaches(*connection)}
        assert allowed == {"database", "edge"}
        # It is the policies that refuse the others.
        pods.cluster.kubectl("delete", "networkpolicies", "--all", "--namespace", made.namespace)
        for connection in ways.values():
            until(lambda: pods.reaches(*connection))  # noqa: B023 - it is called at once
        made.apply()
        until(lambda: not pods.reaches(*ways["outside"]))


def test_a_release_with_a_migration_fails_no_request(monolith: Running) -> None:
    """All pods are replaced under load, and no request fails."""
    monolith.update()


def test_a_drain_fails_no_request(monolith: Running) -> None:
    """The pods of a node move to the other one under load, and no request fails."""
    monolith.drain()
