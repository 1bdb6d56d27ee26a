"""Static checks of the microservices in every grouping of their contexts."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import pytest
import yaml

from blueprint.patterns import check_answers, find_pattern
from blueprint.render import File, Tree, render

from .groupings import CHOSEN, CONTEXTS, Grouping, calls, every_grouping, label, needs_saga, service_of
from .projects import PROJECT

SOURCE = re.compile(r"services/(\w+)/src/corner_shop/(.+)\.py")
PICTURED = re.compile(r" (\w+)_service ==.*==> (\w+)_service$", re.MULTILINE)
CLIENT = re.compile(r'ServiceClient\("(\w+)"')
NAME = "app.kubernetes.io/name"
CASES = [
    *(pytest.param(each, id=name) for name, each in CHOSEN.items()),
    *(pytest.param(each, id=label(each), marks=pytest.mark.thorough) for each in every_grouping()),
]
"""Every grouping, and before them those whose first contexts are not the first ones of `CONTEXTS`."""


def rendered(grouping: Grouping) -> Tree:
    """Return the files of a shop with this grouping."""
    pattern = find_pattern("microservices")
    tree = render(pattern, check_answers(pattern, PROJECT, {"deployables": grouping})).tree
    # Secrets are random.
    return {path: file for path, file in tree.items() if not file.secret}


def texts(tree: Tree, *endings: str) -> dict[str, str]:
    """Return the texts of the files with these endings, by path."""
    return {path: file.content.decode() for path, file in tree.items() if path.endswith(endings)}


def unresolved_imports(tree: Tree) -> list[str]:
    """Return the relative imports of services that lead to nothing that the service has."""
    services: dict[str, dict[str, str]] = {}
    for path, text in texts(tree, ".py").items():
        if found := SOURCE.fullmatch(path):
            services.setdefault(found[1], {})[found[2].replace("/", ".")] = text
    missing = []
    for service, modules in services.items():
        packages = {name.removesuffix(".__init__"): text for name, text in modules.items()}
        for module, text in modules.items():
            for target, name in _relative_imports(text, module.rpartition(".")[0]):
                if f"{target}.{name}" not in packages and name not in packages.get(target, ""):
                    missing.append(f"{service}: {module} imports {name} from {target}")
    return missing


def _relative_imports(text: str, package: str) -> Iterator[tuple[str, str]]:
    for level, module, name in _parsed_imports(text):
        parents = package.split(".")[: len(package.split(".")) - level + 1]
        yield ".".join([*parents, *([module] if module else [])]), name


# Most files are the same in most groupings, so each text is parsed once.
@cache
def _parsed_imports(text: str) -> list[tuple[int, str | None, str]]:
    """Return level, module and name of each relative import of a Python file."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    return [(node.level, node.module, each.name) for node in found if node.level for each in node.names]


@cache
def _compile(text: str) -> None:
    """Raise SyntaxError if a Python file is not well-formed."""
    compile(text, "generated.py", "exec")


def wired_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the calls for which a wiring has a client."""
    wirings = texts(tree, "_service/wiring.py").items()
    return {(path.split("/")[1], provider) for path, text in wirings for provider in CLIENT.findall(text)}


def permitted_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the calls that the network policies permit, which is the same at both ends."""
    text = tree["deploy/kubernetes/base/networkpolicies.yaml"].content.decode()
    leaving: set[tuple[str, str]] = set()
    entering: set[tuple[str, str]] = set()
    for policy in filter(None, yaml.load_all(text, yaml.CSafeLoader)):
        spec = policy["spec"]
        name = spec["podSelector"]["matchLabels"][NAME]
        leaving |= {(name, other) for rule in spec.get("egress", []) for other in _names(rule["to"])}
        entering |= {(other, name) for rule in spec.get("ingress", []) for other in _names(rule["from"])}
    assert leaving == entering
    return leaving


def _names(peers: list[Any]) -> list[str]:
    return [peer["podSelector"]["matchLabels"][NAME] for peer in peers if "podSelector" in peer]


def pictured_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the calls between services in the picture of the README."""
    return set(PICTURED.findall(tree["README.md"].content.decode()))


def architecture(tree: Tree) -> dict[str, Any]:
    """Return what architecture.yaml says."""
    described: dict[str, Any] = yaml.load(tree["architecture.yaml"].content, yaml.CSafeLoader)
    return described


def listed_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the calls between services that follow from architecture.yaml."""
    hosts = listed_hosts(tree)
    contexts = architecture(tree)["contexts"].items()
    pairs = {(hosts[name], hosts[other]) for name, each in contexts for other in each.get("calls", [])}
    return {(caller, provider) for caller, provider in pairs if caller != provider}


def listed_hosts(tree: Tree) -> dict[str, str]:
    """Return the service of each context, from architecture.yaml."""
    services = architecture(tree)["services"].items()
    return {context: name for name, service in services for context in service["contexts"]}


def listed_schemas(tree: Tree) -> set[tuple[str, str]]:
    """Return the services with the schemas of their databases, from architecture.yaml."""
    services = architecture(tree)["services"].items()
    return {(name, schema) for name, service in services for schema in service.get("database", [])}


def test_there_are_203_groupings() -> None:
    """Each is a partition of the contexts, and no two are the same."""
    found = list(every_grouping())
    assert len({frozenset(map(frozenset, each)) for each in found}) == len(found) == 203
    assert all(sorted(chain.from_iterable(each)) == sorted(CONTEXTS) for each in found)


@pytest.mark.parametrize("grouping", CASES)
def test_a_grouping_is_consistent(grouping: Grouping) -> None:
    """Files are well-formed, imports stay in their service, and wirings and policies have the same calls."""
    tree = rendered(grouping)
    for text in texts(tree, ".py").values():
        _compile(text)
    for text in texts(tree, ".yaml", ".yml").values():
        list(yaml.compose_all(text, yaml.CSafeLoader))

    hosts = service_of(grouping)
    found = {path.split("/")[1] for path in tree if path.startswith("services/")}
    assert found == set(hosts.values())
    for context, service in hosts.items():
        assert f"services/{service}/src/corner_shop/{context}/__init__.py" in tree
    assert unresolved_imports(tree) == []
    assert listed_hosts(tree) == hosts | {"notifications": hosts["orders"]}
    migrations = re.compile(r"services/(\w+)/src/corner_shop/(\w+)/migrations/")
    schemas = {(match[1], match[2]) for path in tree if (match := migrations.match(path))}
    assert listed_schemas(tree) == schemas

    expected = calls(grouping)
    assert wired_calls(tree) == expected == listed_calls(tree) == pictured_calls(tree)
    keys = {(service, hosts["identity"]) for service in set(hosts.values()) - {hosts["identity"]}}
    assert permitted_calls(tree) == expected | keys
    sagas = {path for path in tree if "/corner_shop/sagas/" in path}
    assert bool(sagas) == needs_saga(grouping)
    assert ("order_processor.py" in str(tree.keys() - sagas)) != needs_saga(grouping)


def test_the_order_of_groups_changes_nothing() -> None:
    """Nor does the order of contexts, except that the first one names the service."""
    assert rendered([["orders", "payments", "inventory"], ["identity"], ["catalog", "cart"]]) == rendered(
        [["catalog", "cart"], ["identity"], ["orders", "inventory", "payments"]]
    )


def test_contexts_are_the_same_files_in_every_grouping() -> None:
    """No context knows with which others it shares a service."""
    one, apart = rendered(CHOSEN["one"]), rendered([[each] for each in CONTEXTS])
    for context in [*CONTEXTS, "notifications"]:
        assert _files_of(context, one) == _files_of(context, apart) != {}


def _files_of(context: str, tree: Tree) -> dict[str, File]:
    part = f"/corner_shop/{context}/"
    return {path.partition(part)[2]: file for path, file in tree.items() if part in path}


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
