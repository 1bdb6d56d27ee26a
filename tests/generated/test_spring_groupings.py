"""Static checks of services in Java in every grouping of their contexts."""

import re
from collections.abc import Iterator

import pytest
import yaml

from blueprint.render import File, Tree

from . import described
from .groupings import CALLS, CHOSEN, CONTEXTS, Grouping, calls, every_grouping, label, needs_saga, service_of

SIGN_INS = ("jwt", "oauth2")
CASES = [
    *(pytest.param(each, auth, id=f"{name}-{auth}") for name, each in CHOSEN.items() for auth in SIGN_INS),
    *(pytest.param(each, "jwt", id=label(each), marks=pytest.mark.thorough) for each in every_grouping()),
]
"""Every grouping. Before them, with each way to sign in, those whose first contexts are not the first."""
PACKAGE = "com.example.corner_shop"
SOURCE = re.compile(r"(chassis|testing|broker|dev|services/\w+)/src/(?:main|test)/java/(.+)\.java")
LIBRARIES = ("chassis", "testing", "broker")
"""Modules that the others may depend on."""
IMPORT = re.compile(rf"^import (?:static )?({re.escape(PACKAGE)}[\w.]+);$", re.MULTILINE)
CLIENT = re.compile(r'clients\.to\("(\w+)"')


def rendered(grouping: Grouping, auth: str = "jwt") -> Tree:
    """Return the files of a shop in Java with this grouping."""
    return described.rendered("microservices", grouping, stack="spring", auth=auth)


def modules(tree: Tree) -> dict[str, dict[str, str]]:
    """Return the classes of each Maven module, with their texts."""
    found: dict[str, dict[str, str]] = {}
    for path, text in described.texts(tree, ".java").items():
        if place := SOURCE.fullmatch(path):
            found.setdefault(place[1], {})[place[2].replace("/", ".")] = text
    return found


def unresolved_imports(tree: Tree) -> Iterator[str]:
    """Yield the imports of the shop's own classes that neither the module nor what it depends on has."""
    found = modules(tree)
    for module, classes in found.items():
        known = classes.keys() | {name for each in LIBRARIES for name in found.get(each, {})}
        for name, text in classes.items():
            for imported in IMPORT.findall(text):
                # A nested class is in the file of its class.
                if imported not in known and imported.rpartition(".")[0] not in known:
                    yield f"{module}: {name} imports {imported}"


def settings(tree: Tree, service: str) -> dict[str, object]:
    """Return the part `shop` of a service's own settings."""
    text = tree[f"services/{service}/src/main/resources/config/application.yaml"].content
    shop: dict[str, object] = yaml.load(text, yaml.CSafeLoader)["shop"]
    return shop


@pytest.mark.parametrize(("grouping", "auth"), CASES)
def test_a_grouping_is_consistent(grouping: Grouping, auth: str) -> None:
    """Classes find each other, and clients, settings, picture and policies have the same calls."""
    tree, hosts = rendered(grouping, auth), service_of(grouping)
    described.parse(tree)
    assert list(unresolved_imports(tree)) == []
    assert described.listed_hosts(tree) == hosts | {"notifications": hosts["orders"]}

    contexts = CALLS if auth == "jwt" else CALLS - {("payments", "identity")}
    expected = calls(grouping, contexts)
    assert {
        (module.removeprefix("services/"), provider)
        for module, classes in modules(tree).items()
        for name, text in classes.items()
        if ".app." in name
        for provider in CLIENT.findall(text)
    } == expected
    services = set(hosts.values())
    addressed = {(each, to) for each in services for to in called(settings(tree, each))}
    assert addressed == described.listed_calls(tree) == described.pictured_calls(tree) == expected
    keys = {(service, hosts["identity"]) for service in services - {hosts["identity"]}}
    assert described.permitted_calls(tree) == (expected | keys if auth == "jwt" else expected)

    orders = modules(tree)[f"services/{hosts['orders']}"]
    assert (f"{PACKAGE}.sagas.SagaDefinition" in orders) == needs_saga(grouping)
    assert (f"{PACKAGE}.app.TransactionalOrderProcessor" in orders) != needs_saga(grouping)
    assert described.trial_services(tree) <= described.composed_services(tree)


def called(shop: dict[str, object]) -> list[str]:
    """Return the services whose addresses the settings of a service have."""
    calls_of_service = shop["calls"]
    assert isinstance(calls_of_service, dict)
    return list(calls_of_service.get("urls", {}))


@pytest.mark.parametrize("name", CHOSEN)
def test_only_the_service_of_payments_looks_up_users_of_an_issuer(name: str) -> None:
    """Nothing else asks whether a user exists."""
    services = {
        module
        for module, classes in modules(rendered(CHOSEN[name], "oauth2")).items()
        if any(each.endswith(".IssuerUsers") for each in classes)
    }
    assert services == {f"services/{service_of(CHOSEN[name])['payments']}"}


def test_contexts_are_the_same_files_in_every_grouping() -> None:
    """No context knows with which others it shares a service."""
    one, apart = modules(rendered(CHOSEN["one"])), modules(rendered([[each] for each in CONTEXTS]))
    for context in [*CONTEXTS, "notifications"]:
        folder = f"{PACKAGE}.{context}."
        files = [
            {
                name: text
                for classes in shop.values()
                for name, text in classes.items()
                # The steps of sagas, and their tests, are not in a shop with one transaction.
                if name.startswith(folder) and "Steps" not in name and "Test" not in name
            }
            for shop in (one, apart)
        ]
        assert files[0] == files[1] != {}


def test_a_class_of_another_service_is_detected() -> None:
    """The class is in the project, but not in the service."""
    tree = dict(rendered(CHOSEN["coarse"]))
    path = "services/orders/src/main/java/com/example/corner_shop/app/Wiring.java"
    text = tree[path].content.decode()
    planted = f"import {PACKAGE}.catalog.Catalog;\n"
    tree[path] = File(text.replace("\nimport", f"\n{planted}import", 1).encode())
    assert list(unresolved_imports(tree)) == [
        f"services/orders: {PACKAGE}.app.Wiring imports {PACKAGE}.catalog.Catalog"
    ]
