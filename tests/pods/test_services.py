"""Microservices in three groups as real pods: their contract, a release under load, and their policies."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.generated.groupings import COARSE, calls

from .pods import Pods
from .shops import Running, released

pytestmark = pytest.mark.long
CALLS = calls(COARSE) | {("catalog", "identity"), ("orders", "identity")}
"""Which service calls which one; all of them fetch the public keys of tokens."""


@pytest.fixture(scope="module")
def services(cluster: Pods, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Microservices whose release 1.0.0 runs."""
    folder = tmp_path_factory.mktemp("services")
    with released(cluster, folder, "microservices", deployables=COARSE) as running:
        yield running


def test_they_keep_their_contract(services: Running) -> None:
    """They pass the acceptance suite through their edge."""
    print(services.accept())


def test_a_service_calls_only_those_it_depends_on(services: Running) -> None:
    """Each pair of services is connected if and only if one calls the other."""
    made, pods = services.shop, services.pods
    metadata = [each["metadata"] for each in made.ready()]
    names = {each["labels"]["app.kubernetes.io/name"]: each["name"] for each in metadata}
    connected = {
        (source, target)
        for source, target in permutations(names, 2)
        if pods.reaches(names[source], made.namespace, f"{target}-service", 80)
    }
    assert connected == CALLS


def test_a_release_with_a_migration_fails_no_request(services: Running) -> None:
    """All pods of all services are replaced under load, and no request fails."""
    services.update()


def test_a_drain_fails_no_request(services: Running) -> None:
    """The pods of a node move to the other one under load, and no request fails."""
    services.drain()
