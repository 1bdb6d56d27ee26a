"""Static checks of the event-driven shop in groupings of its contexts."""

import random
import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pytest
import yaml

from blueprint.render import File, Tree
from tests.deploy.architecture import CONSUMES, PUBLISHES

from . import described
from .described import check_structure, files_of, texts, unresolved_imports, wired_calls
from .groupings import (
    EVENT_CALLS,
    EVENT_CONTEXTS,
    EVENTS_CHOSEN,
    Grouping,
    batches,
    calls,
    every_grouping,
    label,
    service_of,
)

APART: Grouping = [[each] for each in EVENT_CONTEXTS]
EVERY = list(every_grouping(EVENT_CONTEXTS))
SAMPLE = [each for each in random.Random(19).sample(EVERY, 6) if len(each) < len(EVENT_CONTEXTS)]  # noqa: S311
LARGE_SAMPLE = random.Random(20).sample(EVERY, 240)  # noqa: S311
GROUPS = CONSUMES.keys() - {"analytics"}
"""Contexts whose consumer groups are joined by workers."""
JOINED = re.compile(r'membership\.join\(\n\s+"(\w+)"')
CREATOR = re.compile(r"topics:?\n.*\n? +image: corner-shop-([a-z]+)\b")
PRODUCED = re.compile(r"^    (\w+)_service (?:-- .* )?--> (\w+)_topic$", re.MULTILINE)
READ = re.compile(r"^    (\w+)_topic --> (.+)$", re.MULTILINE)
PRODUCTION = "deploy/kubernetes/overlays/production"
BATCH = 60
CASES = [
    *(pytest.param([each], id=name) for name, each in (EVENTS_CHOSEN | {"apart": APART}).items()),
    *(pytest.param([each], id=label(each)) for each in SAMPLE),
    *batches(LARGE_SAMPLE, BATCH, "sample", pytest.mark.thorough),
    *batches(EVERY, BATCH, "from", pytest.mark.long),
]
"""Some groupings, then a sample for CI, and then all of them, which takes 12 minutes of CPU time."""
Topics = set[tuple[str, str]]


def rendered(grouping: Grouping) -> Tree:
    """Return the files of a shop with this grouping."""
    return described.rendered("event-driven", grouping)


def manifests(tree: Tree, path: str) -> list[Any]:
    """Return the objects of a file of manifests."""
    return [each for each in yaml.load_all(tree[path].content, yaml.CSafeLoader) if each]


def used_topics(grouping: Grouping) -> tuple[Topics, Topics]:
    """Return the topics that each service writes and reads."""
    hosts = service_of(grouping)
    read = {(hosts[name], topic) for name, topics in CONSUMES.items() if name in hosts for topic in topics}
    return {(hosts[name], topic) for name, topic in PUBLISHES.items() if name in hosts}, read


def permitted_topics(tree: Tree) -> tuple[Topics, Topics]:
    """Return the topics that the broker lets each service write and read, apart from its own retry topics."""
    found: dict[str, Topics] = {"Write": set(), "Read": set()}
    for user in manifests(tree, f"{PRODUCTION}/users.yaml"):
        for rule in user["spec"]["authorization"]["acls"]:
            if (rule["resource"]["type"], rule["resource"]["patternType"]) == ("topic", "literal"):
                found[rule["operations"][0]].add((user["metadata"]["name"], rule["resource"]["name"]))
    return tuple({pair for pair in found[kind] if pair[0] != "dead-letters"} for kind in ("Write", "Read"))  # type: ignore[return-value]


def pictured_topics(tree: Tree) -> tuple[Topics, Topics]:
    """Return the topics that each service writes and reads in the picture of the README."""
    text = tree["README.md"].content.decode()
    read = {
        (service.removesuffix("_service"), f"{topic}.v1")
        for topic, services in READ.findall(text)
        for service in services.split(" & ")
    }
    return {(service, f"{topic}.v1") for service, topic in PRODUCED.findall(text)}, read


def joined_groups(tree: Tree) -> set[tuple[str, str]]:
    """Return the services with the consumer groups that their wirings join."""
    wirings = texts(tree, "_service/wiring.py").items()
    return {(path.split("/")[1], group) for path, text in wirings for group in JOINED.findall(text)}


def scaled_groups(tree: Tree) -> set[tuple[str, str]]:
    """Return the services with the consumer groups whose lag scales their workers."""
    return {
        (scaled["metadata"]["name"].removesuffix("-worker"), trigger["metadata"]["consumerGroup"])
        for scaled in manifests(tree, f"{PRODUCTION}/scalers.yaml")
        for trigger in scaled["spec"].get("triggers", [])
    }


def table_names(tree: Tree, service: str) -> list[str]:
    """Return the names of the tables that the migrations of a service create."""
    folder = f"services/{service}/src/corner_shop/"
    migrations = [text for path, text in texts(tree, ".py").items() if path.startswith(folder)]
    return [name for text in migrations for name in re.findall(r'op\.create_table\(\s*"(\w+)"', text)]


def topic_creators(tree: Tree) -> set[str]:
    """Return the services whose images create the topics, with Compose and in the development overlay."""
    paths = ("deploy/compose.yaml", "deploy/kubernetes/overlays/development/broker.yaml")
    return {found for path in paths for found in CREATOR.findall(tree[path].content.decode())}


def check(grouping: Grouping) -> None:
    """Assert that code, deployment, README and architecture.yaml follow from the grouping."""
    tree, hosts = rendered(grouping), service_of(grouping)
    check_structure(tree, hosts)
    services = set(hosts.values())
    assert described.listed_hosts(tree) == hosts

    expected = calls(grouping, EVENT_CALLS)
    assert wired_calls(tree) == expected
    assert described.listed_calls(tree) == described.pictured_calls(tree) == expected
    workers = {hosts[context] for context in GROUPS}
    only_workers = {group[0] for group in grouping if group == ["notifications"]}
    keys = {(service, hosts["identity"]) for service in services - {hosts["identity"]} - only_workers}
    assert described.permitted_calls(tree) == expected | keys

    assert permitted_topics(tree) == pictured_topics(tree) == used_topics(grouping)
    assert joined_groups(tree) == scaled_groups(tree) == {(hosts[group], group) for group in GROUPS}
    containers = described.composed_services(tree)
    assert {name.removesuffix("-worker") for name in containers if name.endswith("-worker")} == workers
    assert services & containers == services - only_workers
    assert described.trial_services(tree) <= containers
    assert topic_creators(tree) == {hosts["orders"]}
    for service in services:
        names = table_names(tree, service)
        assert len(names) == len(set(names)), "SQLite has no schemas"


@pytest.mark.parametrize("groupings", CASES)
def test_a_grouping_is_consistent(groupings: Iterable[Grouping]) -> None:
    """Imports stay in their service, and calls and topics are the same everywhere."""
    for grouping in groupings:
        try:
            check(grouping)
        except AssertionError as error:
            error.add_note(f"grouping: {grouping}")
            raise


@pytest.mark.parametrize("grouping", EVENTS_CHOSEN.values(), ids=EVENTS_CHOSEN)
def test_content_publishes_beside_any_grouping(grouping: Grouping) -> None:
    """Its service calls no other, and alone writes its topic, which no other context of the shop reads."""
    tree = described.rendered("event-driven", grouping, content=True)
    check_structure(tree, service_of(grouping) | {"content": "content"})
    assert wired_calls(tree) == described.listed_calls(tree) == calls(grouping, EVENT_CALLS)
    facts = described.architecture(tree)
    assert facts["services"]["content"] == {
        "contexts": ["content"],
        "database": ["content", "content_service"],
    }
    assert facts["contexts"]["content"]["publishes"] == ["content.v1"]
    written, read = used_topics(grouping)
    expected = written | {("content", "content.v1")}, read
    assert permitted_topics(tree) == pictured_topics(tree) == expected
    assert joined_groups(tree) == scaled_groups(tree) == joined_groups(rendered(grouping))


def test_metrics_are_read_after_the_groups_are_joined() -> None:
    """A list of metrics that was made before would lack those of the groups."""
    for grouping in (*EVENTS_CHOSEN.values(), APART):
        for text in texts(rendered(grouping), "_service/wiring.py").values():
            if "membership.join(" in text:
                assert text.rindex("membership.join(") < text.index("membership.gauge_sources")


def test_any_two_contexts_are_together_and_apart_in_a_fast_test() -> None:
    """The groupings of the fast tests cover each pair of contexts both ways."""
    fast = [*EVENTS_CHOSEN.values(), APART, *SAMPLE]
    for one, other in combinations(EVENT_CONTEXTS, 2):
        assert {service_of(each)[one] == service_of(each)[other] for each in fast} == {True, False}


def test_contexts_are_the_same_files_in_every_grouping() -> None:
    """No context knows with which others it shares a service."""
    one, apart = rendered(EVENTS_CHOSEN["one"]), rendered(APART)
    for context in EVENT_CONTEXTS:
        assert files_of(context, one) == files_of(context, apart) != {}


def test_handlers_are_the_same_files_in_every_grouping() -> None:
    """What handles an event does not know whether the context that published it is in the same service."""
    one, apart = rendered(EVENTS_CHOSEN["one"]), rendered(APART)
    for context in GROUPS - {"notifications"}:
        handlers = "handlers.py"
        assert (
            files_of(f"{context}_service", one)[handlers] == files_of(f"{context}_service", apart)[handlers]
        )


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("services/orders/src/corner_shop/orders_service/wiring.py", '"payments",', '"cart",'),
        (
            "services/orders/src/corner_shop/orders_service/wiring.py",
            'ServiceClient("catalog"',
            'ServiceClient("cart"',
        ),
        (
            f"{PRODUCTION}/users.yaml",
            "name: payments.v1, patternType: literal",
            "name: views.v1, patternType: literal",
        ),
        (f"{PRODUCTION}/scalers.yaml", "consumerGroup: inventory", "consumerGroup: cart"),
        ("README.md", "orders_service --> payments_topic", "catalog_service --> payments_topic"),
        ("architecture.yaml", "calls: [catalog, cart]", "calls: [catalog, analytics]"),
    ],
)
def test_a_wrong_edge_is_detected(path: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call, a topic or a consumer group of another service is in one of the files."""
    tree = dict(rendered(EVENTS_CHOSEN["coarse"]))
    text = tree[path].content.decode()
    assert old in text
    tree[path] = File(text.replace(old, new).encode())
    monkeypatch.setattr(described, "rendered", lambda *_: tree)
    with pytest.raises(AssertionError):
        check(EVENTS_CHOSEN["coarse"])


def test_an_import_of_another_service_is_detected() -> None:
    """The module is in the project, but not in the service."""
    tree = dict(rendered(EVENTS_CHOSEN["coarse"]))
    path = "services/orders/src/corner_shop/inventory_service/handlers.py"
    tree[path] = File(tree[path].content + b"\nfrom ..catalog import tables\n")
    assert unresolved_imports(tree) == ["orders: inventory_service.handlers imports tables from catalog"]
