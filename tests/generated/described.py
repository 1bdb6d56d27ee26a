"""What the files of a rendered shop say of its services, and whether they are well-formed."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from blueprint.patterns import Value, check_answers, find_pattern
from blueprint.render import File, Tree, render

from .groupings import Grouping
from .projects import PROJECT

SOURCE = re.compile(r"services/(\w+)/src/corner_shop/(.+)\.py")
PICTURED = re.compile(r" (\w+)_service ==.*==> (\w+)_service$", re.MULTILINE)
CLIENT = re.compile(r'ServiceClient\("(\w+)"')
MIGRATIONS = re.compile(r"services/(\w+)/src/corner_shop/(\w+)/migrations/")
NAME = "app.kubernetes.io/name"
# Most files are the same in most groupings. Without a limit, the others would take gigabytes.
cached = lru_cache(maxsize=4096)


def rendered(name: str, grouping: Grouping, **options: Value) -> Tree:
    """Return the files of a shop of a pattern with this grouping."""
    pattern = find_pattern(name)
    tree = render(pattern, check_answers(pattern, PROJECT, {"deployables": grouping, **options})).tree
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


@cached
def _parsed_imports(text: str) -> list[tuple[int, str | None, str]]:
    """Return level, module and name of each relative import of a Python file."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    return [(node.level, node.module, each.name) for node in found if node.level for each in node.names]


@cached
def _compile(text: str) -> None:
    compile(text, "generated.py", "exec")


@cached
def _compose(text: str) -> None:
    list(yaml.compose_all(text, yaml.CSafeLoader))


def parse(tree: Tree) -> None:
    """Raise an error if a file of Python or YAML is not well-formed."""
    for text in texts(tree, ".py").values():
        _compile(text)
    for text in texts(tree, ".yaml", ".yml").values():
        _compose(text)


def wired_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the calls for which a wiring has a client."""
    wirings = texts(tree, "_service/wiring.py").items()
    return {(path.split("/")[1], provider) for path, text in wirings for provider in CLIENT.findall(text)}


def permitted_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the calls that the network policies of services permit, which is the same at both ends."""
    text = tree["deploy/kubernetes/base/networkpolicies.yaml"].content.decode()
    leaving: set[tuple[str, str]] = set()
    entering: set[tuple[str, str]] = set()
    for policy in filter(None, yaml.load_all(text, yaml.CSafeLoader)):
        spec = policy["spec"]
        # One policy is of all workers.
        if not (name := spec["podSelector"]["matchLabels"].get(NAME)):
            continue
        leaving |= {(name, other) for rule in spec.get("egress", []) for other in _names(rule["to"])}
        entering |= {(other, name) for rule in spec.get("ingress", []) for other in _names(rule["from"])}
    assert leaving == entering
    return leaving


def _names(peers: list[Any]) -> list[str]:
    labels = [peer["podSelector"]["matchLabels"] for peer in peers if "podSelector" in peer]
    return [each[NAME] for each in labels if NAME in each]


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


def composed_services(tree: Tree) -> set[str]:
    """Return the containers of compose.yaml."""
    return set(yaml.load(tree["deploy/compose.yaml"].content, yaml.CSafeLoader)["services"])


def addressed_calls(tree: Tree) -> set[tuple[str, str]]:
    """Return the containers with the services whose addresses their variables have."""
    named = set(listed_hosts(tree).values())
    services = yaml.load(tree["deploy/compose.yaml"].content, yaml.CSafeLoader)["services"]
    pairs = {
        (name, variable.removesuffix("_URL").lower())
        for name, service in services.items()
        for variable in service.get("environment", {})
    }
    return {(name, other) for name, other in pairs if other in named}


def trial_services(tree: Tree) -> set[str]:
    """Return the containers that compose.trial.yaml changes."""
    return set(yaml.load(tree["deploy/compose.trial.yaml"].content, yaml.CSafeLoader)["services"])


def schemas(tree: Tree) -> set[tuple[str, str]]:
    """Return the services with the packages that have migrations."""
    return {(found[1], found[2]) for path in tree if (found := MIGRATIONS.match(path))}


def files_of(context: str, tree: Tree) -> dict[str, File]:
    """Return the files of a context, by their path inside it."""
    part = f"/corner_shop/{context}/"
    return {path.partition(part)[2]: file for path, file in tree.items() if part in path}


def check_structure(tree: Tree, hosts: Mapping[str, str]) -> None:
    """Assert that files are well-formed, and that each context is in its service with all that it imports."""
    parse(tree)
    assert {path.split("/")[1] for path in tree if path.startswith("services/")} == set(hosts.values())
    for context, service in hosts.items():
        assert f"services/{service}/src/corner_shop/{context}/__init__.py" in tree
    assert unresolved_imports(tree) == []
    assert listed_schemas(tree) == schemas(tree)
