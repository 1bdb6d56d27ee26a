"""Static checks of the microservices in every grouping of their contexts."""

from itertools import chain

import pytest

from blueprint.render import File, Tree

from . import described
from .described import check_structure, files_of, unresolved_imports, wired_calls
from .groupings import CHOSEN, CONTEXTS, Grouping, calls, every_grouping, label, needs_saga, service_of

CASES = [
    *(pytest.param(each, id=name) for name, each in CHOSEN.items()),
    *(pytest.param(each, id=label(each), marks=pytest.mark.thorough) for each in every_grouping()),
]
"""Every grouping, and before them those whose first contexts are not the first ones of `CONTEXTS`."""


def rendered(grouping: Grouping) -> Tree:
    """Return the files of a shop with this grouping."""
    return described.rendered("microservices", grouping)


def test_there_are_203_groupings() -> None:
    """Each is a partition of the contexts, and no two are the same."""
    found = list(every_grouping())
    assert len({frozenset(map(frozenset, each)) for each in found}) == len(found) == 203
    assert all(sorted(chain.from_iterable(each)) == sorted(CONTEXTS) for each in found)


@pytest.mark.parametrize("grouping", CASES)
def test_a_grouping_is_consistent(grouping: Grouping) -> None:
    """Files are well-formed, imports stay in their service, and wirings and policies have the same calls."""
    tree, hosts = rendered(grouping), service_of(grouping)
    check_structure(tree, hosts)
    assert described.listed_hosts(tree) == hosts | {"notifications": hosts["orders"]}

    expected = calls(grouping)
    assert wired_calls(tree) == expected
    assert described.listed_calls(tree) == described.pictured_calls(tree) == expected
    keys = {(service, hosts["identity"]) for service in set(hosts.values()) - {hosts["identity"]}}
    assert described.permitted_calls(tree) == expected | keys
    sagas = {path for path in tree if "/corner_shop/sagas/" in path}
    assert bool(sagas) == needs_saga(grouping)
    assert ("order_processor.py" in str(tree.keys() - sagas)) != needs_saga(grouping)
    assert described.trial_services(tree) <= described.composed_services(tree)


@pytest.mark.parametrize("pattern", ["microservices", "event-driven"])
def test_a_service_beside_identity_can_be_called_with_an_identity_provider(pattern: str) -> None:
    """Identity itself is not called then, but the other contexts of its service are."""
    others = [["notifications"], ["analytics"]] if pattern == "event-driven" else []
    grouping = [["identity", "catalog"], ["orders", "payments", "inventory"], ["cart"], *others]
    tree = described.rendered(pattern, grouping, auth="oauth2")
    expected = {("orders", "identity"), ("cart", "identity"), ("orders", "cart")}
    # The worker of a service has the variables of its API.
    assert {pair for pair in described.addressed_calls(tree) if "-" not in pair[0]} == expected
    for service in ("orders", "cart"):
        settings = tree[f"deploy/kubernetes/base/{service}/kustomization.yaml"].content.decode()
        assert "- IDENTITY_URL=http://identity-service" in settings


def test_the_order_of_groups_changes_nothing() -> None:
    """Nor does the order of contexts, except that the first one names the service."""
    assert rendered([["orders", "payments", "inventory"], ["identity"], ["catalog", "cart"]]) == rendered(
        [["catalog", "cart"], ["identity"], ["orders", "inventory", "payments"]]
    )


def test_contexts_are_the_same_files_in_every_grouping() -> None:
    """No context knows with which others it shares a service."""
    one, apart = rendered(CHOSEN["one"]), rendered([[each] for each in CONTEXTS])
    for context in [*CONTEXTS, "notifications"]:
        assert files_of(context, one) == files_of(context, apart) != {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('    catalog = ServiceClient("catalog", settings.catalog_url, tokens)\n', ""),
        ('ServiceClient("catalog"', 'ServiceClient("cart"'),
    ],
)
def test_a_wiring_without_a_client_is_detected(old: str, new: str) -> None:
    """The calls of the wirings are not those of the architecture."""
    tree = dict(rendered(CHOSEN["coarse"]))
    path = "services/orders/src/corner_shop/orders_service/wiring.py"
    text = tree[path].content.decode()
    assert old in text
    tree[path] = File(text.replace(old, new).encode())
    assert wired_calls(tree) != calls(CHOSEN["coarse"])


def test_an_import_of_another_service_is_detected() -> None:
    """The module is in the project, but not in the service."""
    tree = dict(rendered(CHOSEN["coarse"]))
    path = "services/orders/src/corner_shop/orders_service/wiring.py"
    tree[path] = File(tree[path].content + b"\nfrom ..catalog import tables\n")
    assert unresolved_imports(tree) == ["orders: orders_service.wiring imports tables from catalog"]
