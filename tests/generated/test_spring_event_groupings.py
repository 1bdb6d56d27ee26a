"""Static checks of event-driven services in Java in groupings of their contexts."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from blueprint.render import File, Tree

from . import described
from .groupings import (
    EVENT_CALLS,
    EVENT_CONTEXTS,
    EVENTS_CHOSEN,
    Grouping,
    batches,
    calls,
    service_of,
)
from .test_every_event_driven_grouping import (
    APART,
    EVERY,
    GROUPS,
    permitted_topics,
    pictured_topics,
    scaled_groups,
    topic_creators,
    used_topics,
)
from .test_spring_groupings import CLIENT, PACKAGE, called, modules, settings, unresolved_imports

SAMPLE = random.Random(21).sample(EVERY, 90)  # noqa: S311
BATCH = 30
CASES = [
    *(pytest.param([each], id=name) for name, each in (EVENTS_CHOSEN | {"apart": APART}).items()),
    *batches(SAMPLE, BATCH, "sample", pytest.mark.thorough),
    *batches(EVERY, BATCH, "from", pytest.mark.long),
]
"""Some groupings, then a sample for CI, and then all 4,140 of them."""
AUDITED = ("inventory", "payments", "notifications")
"""Contexts whose data the audit of the orders reads."""
MIGRATIONS = re.compile(r"services/(\w+)/src/main/resources/db/(\w+)/")
STEREOTYPE = re.compile(r"^@(?:Component|Service|Repository|Configuration|RestController)\b", re.MULTILINE)
BEAN = re.compile(r"^    @Bean\n(?:    @.+\n)*    (?:static )?[\w<>?, ]+ (\w+)\(", re.MULTILINE)


def rendered(grouping: Grouping) -> Tree:
    """Return the files of a shop in Java with this grouping."""
    return described.rendered("event-driven", grouping, stack="spring")


def joined_groups(tree: Tree) -> set[tuple[str, str]]:
    """Return the services with the consumer groups that their wirings join."""
    wirings = described.texts(tree, "Wiring.java").items()
    return {
        (path.split("/")[1], path.rpartition("/")[2].removesuffix("Wiring.java").lower())
        for path, text in wirings
        if "bus.join(" in text
    }


def beans(tree: Tree, service: str) -> Iterator[str]:
    """Yield the names of the beans of a service: of its classes, and of methods that make one."""
    for name, text in modules(tree)[f"services/{service}"].items():
        if STEREOTYPE.search(text):
            simple = name.rpartition(".")[2]
            yield simple[0].lower() + simple[1:]
        yield from BEAN.findall(text)


def check(grouping: Grouping) -> None:
    """Assert that classes, settings, deployment, README and architecture.yaml follow from the grouping."""
    tree, hosts = rendered(grouping), service_of(grouping)
    described.parse(tree)
    services = set(hosts.values())
    assert list(unresolved_imports(tree)) == []
    assert described.listed_hosts(tree) == hosts
    assert described.listed_schemas(tree) == {(m[1], m[2]) for path in tree if (m := MIGRATIONS.match(path))}
    for service in services:
        assert [name for name, count in Counter(beans(tree, service)).items() if count > 1] == []

    expected = calls(grouping, EVENT_CALLS)
    audits = {(hosts["orders"], hosts[each]) for each in AUDITED if hosts[each] != hosts["orders"]}
    clients = {
        (module.removeprefix("services/"), provider)
        for module, classes in modules(tree).items()
        for name, text in classes.items()
        if ".app." in name
        for provider in CLIENT.findall(text)
    }
    addressed = {(each, to) for each in services for to in called(settings(tree, each))}
    assert clients == addressed == expected | audits
    assert described.listed_calls(tree) == described.pictured_calls(tree) == expected
    only_workers = {group[0] for group in grouping if group == ["notifications"]}
    keys = {(service, hosts["identity"]) for service in services - {hosts["identity"]} - only_workers}
    assert described.permitted_calls(tree) == expected | keys

    assert permitted_topics(tree) == pictured_topics(tree) == used_topics(grouping)
    assert joined_groups(tree) == scaled_groups(tree) == {(hosts[group], group) for group in GROUPS}
    assert topic_creators(tree) == {hosts["orders"]}
    assert described.trial_services(tree) <= described.composed_services(tree)


@pytest.mark.parametrize("groupings", CASES)
def test_a_grouping_is_consistent(groupings: Iterable[Grouping]) -> None:
    """Classes find each other, no two beans have one name, and calls and topics are the same everywhere."""
    for grouping in groupings:
        try:
            check(grouping)
        except AssertionError as error:
            error.add_note(f"grouping: {grouping}")
            raise


def test_contexts_and_handlers_are_the_same_files_in_every_grouping() -> None:
    """No context knows with which others it shares a service, and no handler who published an event."""
    one, apart = modules(rendered(EVENTS_CHOSEN["one"])), modules(rendered(APART))
    files = [
        {
            name: text
            for classes in shop.values()
            for name, text in classes.items()
            if name.startswith(tuple(f"{PACKAGE}.{context}." for context in EVENT_CONTEXTS))
            or name.endswith(("Handlers", "Wiring"))
        }
        for shop in (one, apart)
    ]
    assert files[0] == files[1] != {}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (
            "services/orders/src/main/java/com/example/corner_shop/app/CatalogPrices.java",
            '"catalog"',
            '"cart"',
        ),
        (
            "services/orders/src/main/java/com/example/corner_shop/app/InventoryWiring.java",
            "inventoryInboxRetention(",
            "paymentsInboxRetention(",
        ),
        ("services/orders/src/main/resources/config/application.yaml", "catalog: ${CATALOG_URL:}", "cart: x"),
        ("README.md", "orders_service --> payments_topic", "catalog_service --> payments_topic"),
        ("architecture.yaml", "calls: [identity]", "calls: [catalog]"),
    ],
)
def test_what_contradicts_the_grouping_is_detected(
    path: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call of another service, a second bean of one name, or a topic of another service is in a file."""
    tree = dict(rendered(EVENTS_CHOSEN["coarse"]))
    text = tree[path].content.decode()
    assert old in text
    tree[path] = File(text.replace(old, new).encode())
    monkeypatch.setattr(described, "rendered", lambda *_, **__: tree)
    with pytest.raises(AssertionError):
        check(EVENTS_CHOSEN["coarse"])
