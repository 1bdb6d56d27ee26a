"""The option contexts: a project without the shop, for content or for what a team adds."""

import ast
import json
import posixpath
import re
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.errors import BlueprintError
from blueprint.patterns import Value, check_answers, find_pattern
from blueprint.render import Tree
from tests.servers.databases import mariadb, postgresql
from tests.servers.kafka import kafka

from .combinations import Combination, label, pairwise
from .described import architecture, parse
from .environment import environment_for_all, python_for_all
from .projects import PROJECT, combinations_of, tree_of, write
from .running import PACKAGE, end_of, run

SHOP = ["catalog", "inventory", "cart", "orders", "payments"]
PATTERNS = ["monolith", "microservices", "event-driven"]
ONLY_ACCOUNTS: dict[str, Value] = {"contexts": ["identity"]}
# Files that are the same in every project: the chassis with its examples, and a client.
SHARED = re.compile(
    r"(libs/)?src/chassis/|acceptance/(client|conventions)\.py|requirements/|scripts/release\.py"
    r"|(chassis/)?src/(main|test)/java/com/example/corner_shop/chassis/"
)
OF_A_SHOP = re.compile(
    r"/v1/(orders|products|stock|cart|wallet|payments)|\b(inventory|wallets?|stock|carts|payments?|orders)\b",
    re.IGNORECASE,
)

IN_PRODUCTION: Combination = {"kubernetes": True, "observability": True}
JAVA_OPTIONS: dict[str, list[Combination]] = {
    "monolith": [{}, {"auth": "oauth2", "content": True}, {"content": True, "extra_contexts": ["books"]}],
    "microservices": [
        {"extra_services": ["books"]},
        {"auth": "oauth2", "content": True},
        {"content": True, "cache": "memory"},
    ],
    "event-driven": [{}, {"auth": "oauth2", "database": "mysql", "load_balancer": "haproxy"}],
}
"""Projects without a shop that the Spring stack has."""


def added(pattern: str) -> list[dict[str, Value]]:
    """Return what a project of a pattern can have beside accounts: events are about content."""
    option = "extra_contexts" if pattern == "monolith" else "extra_services"
    content: dict[str, Value] = {"content": True}
    return [{**content, option: []}, {**(content if pattern == "event-driven" else {}), option: ["books"]}]


CASES = [
    pytest.param(
        pattern, each | more, id=f"{pattern} {label(each)} {'content' if more.get('content') else ''}"
    )
    for pattern in PATTERNS
    for each in pairwise(combinations_of(pattern))
    for more in added(pattern)
]

IN_JAVA = [
    pytest.param(pattern, {**IN_PRODUCTION, **each, "stack": "spring"}, id=f"{pattern} spring {label(each)}")
    for pattern, options in JAVA_OPTIONS.items()
    for each in options
]
"""The same in Java, with each way to sign in and all that production has."""


def without_a_shop(pattern: str, combination: Combination) -> Tree:
    """Return the files of a project that has accounts and what else is chosen."""
    return tree_of(combination | ONLY_ACCOUNTS, pattern=pattern)


@pytest.mark.parametrize(
    ("contexts", "message"),
    [
        (["catalog"], "identity is missing, and every other context needs its accounts"),
        (SHOP, "identity is missing, and every other context needs its accounts"),
        (["identity", "orders", "catalog", "cart"], "orders needs inventory, payments"),
        (["identity", "orders"], "orders needs catalog, inventory, cart, payments"),
        (["identity", "catalog", "cart"], "only orders use catalog, cart: choose all of catalog, inventory"),
    ],
)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_needs_a_missing_context_is_refused(pattern: str, contexts: list[str], message: str) -> None:
    """The sentence names what is missing."""
    with pytest.raises(BlueprintError, match=message):
        check_answers(find_pattern(pattern), PROJECT, {"contexts": contexts})


@pytest.mark.parametrize("pattern", ["microservices", "event-driven"])
def test_groups_name_only_chosen_contexts(pattern: str) -> None:
    """A group with a context that was left out is refused."""
    found = find_pattern(pattern)
    with pytest.raises(BlueprintError, match="there is no context catalog; the contexts are identity"):
        check_answers(found, PROJECT, {**ONLY_ACCOUNTS, "deployables": [["identity", "catalog"]]})
    check_answers(found, PROJECT, {**ONLY_ACCOUNTS, "deployables": [["identity"]]})


def test_a_service_without_data_alone_is_refused() -> None:
    """With an identity provider, identity stores nothing, so there would be no database."""
    found = find_pattern("microservices")
    with pytest.raises(BlueprintError, match="choose content, or add a service"):
        check_answers(found, PROJECT, {**ONLY_ACCOUNTS, "auth": "oauth2"})
    check_answers(found, PROJECT, {**ONLY_ACCOUNTS, "auth": "oauth2", "content": True})


def test_something_has_to_publish_events() -> None:
    """Without orders, an event-driven project has content, and its topic is all that the broker has."""
    found = find_pattern("event-driven")
    with pytest.raises(BlueprintError, match="without orders, only content publishes events"):
        check_answers(found, PROJECT, {**ONLY_ACCOUNTS, "content": False})
    tree = without_a_shop("event-driven", {"kubernetes": True})
    assert architecture(tree)["contexts"]["content"]["publishes"] == ["content.v1"]
    production = "deploy/kubernetes/overlays/production"
    topics = [each["metadata"]["name"] for each in documents(tree, f"{production}/topics.yaml")]
    assert topics == ["content.v1"]
    [user] = documents(tree, f"{production}/users.yaml")
    [rule] = user["spec"]["authorization"]["acls"]
    assert (user["metadata"]["name"], rule["resource"]["name"]) == ("content", "content.v1")
    assert rule["operations"] == ["Write", "Describe"]


@pytest.mark.parametrize("routing", ["gateway", "ingress"])
def test_nothing_waits_for_workers_without_consumers(routing: str) -> None:
    """Every resource of the manifests exists, and no policy is about the pods of workers."""
    for auth in ("jwt", "oauth2"):
        options: Combination = {"kubernetes": True, "routing": routing, "auth": auth}
        tree = without_a_shop("event-driven", options)
        manifests = {path: file for path, file in tree.items() if path.startswith("deploy/kubernetes/")}
        assert not [path for path, file in manifests.items() if b"worker" in file.content]
        for path in manifests:
            if path.endswith("kustomization.yaml"):
                [kustomization] = documents(tree, path)
                for resource in kustomization.get("resources", []):
                    target = posixpath.normpath(f"{Path(path).parent.as_posix()}/{resource}")
                    assert target in tree or f"{target}/kustomization.yaml" in tree, (path, resource)


def documents(tree: Tree, path: str) -> list[Any]:
    """Return the documents of a YAML file."""
    return list(yaml.safe_load_all(tree[path].content))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_all_contexts_are_the_default(pattern: str) -> None:
    """Naming all of them, in any order, changes nothing."""
    named = tree_of({"contexts": ["payments", *SHOP[:-1], "identity"]}, pattern=pattern)
    default = tree_of({}, pattern=pattern)
    assert {path: file for path, file in named.items() if not file.secret} == {
        path: file for path, file in default.items() if not file.secret
    }


@pytest.mark.parametrize(("pattern", "combination"), [*CASES, *IN_JAVA])
def test_nothing_of_the_shop_is_left(pattern: str, combination: Combination) -> None:
    """No package, route, table or sentence is about what was left out, and all files are well-formed."""
    tree = without_a_shop(pattern, combination)
    parse(tree)
    for path, file in tree.items():
        if path.endswith(".json"):
            json.loads(file.content)
        elif path.endswith(".toml"):
            tomllib.loads(file.content.decode())
        if not SHARED.match(path):
            assert OF_A_SHOP.findall(file.content.decode()) == [], path


@pytest.mark.parametrize(("pattern", "combination"), CASES)
def test_everything_describes_the_same_contexts(pattern: str, combination: Combination) -> None:
    """architecture.yaml, the packages and the import contracts agree."""
    tree = without_a_shop(pattern, combination)
    more = combination["extra_contexts" if pattern == "monolith" else "extra_services"]
    assert isinstance(more, list)
    contexts = {"identity", *(["content"] if combination.get("content") else []), *more}
    services = architecture(tree)["services"]
    assert {name for each in services.values() for name in each["contexts"]} == contexts
    packages = {path.split("/")[-2] for path in tree if re.search(rf"src/{PACKAGE}/\w+/__init__\.py$", path)}
    if pattern == "monolith":
        beside = {"app"}
    else:
        assert services.keys() == contexts
        beside = {f"{name}_service" for name in contexts}
    assert packages - {"issuer"} == contexts | beside
    layers = tree[".importlinter"].content.decode().partition("layers =\n")[2].partition("\n\n")[0]
    listed = {name.strip() for name in re.split(r"[|\n]", layers) if name.strip()}
    libraries = {"chassis", *(["choreography"] if pattern == "event-driven" else [])}
    assert listed == {f"{PACKAGE}.{name}" for name in packages} | libraries


@pytest.mark.parametrize(("pattern", "combination"), [*CASES, *IN_JAVA])
def test_every_path_of_a_readme_exists(pattern: str, combination: Combination) -> None:
    """Links of the README and of the guide for agents lead to files; their commands and those of CI exist."""
    tree = without_a_shop(pattern, combination)
    commands = {*re.findall(r"^([a-z-]+):", tree["Makefile"].content.decode(), re.MULTILINE)}
    for document in ("README.md", "AGENTS.md", "proof/README.md", "acceptance/README.md"):
        if document in tree:
            folder = Path(document).parent
            for link in re.findall(r"\]\((?!http)([^)#]+)\)", tree[document].content.decode()):
                target = (folder / link).as_posix()
                assert any(f"{path}/".startswith(f"{target}/") for path in tree), (document, link)
            for command in re.findall(r"`make ([a-z-]+)", tree[document].content.decode()):
                assert command in commands, command
    for path in (each for each in tree if each.startswith(".github/workflows/")):
        assert {*re.findall(r"run: make ([a-z-]+)", tree[path].content.decode())} <= commands, path


@pytest.mark.parametrize("stack", ["python", "spring"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_part_of_the_acceptance_suite_is_complete(pattern: str, stack: str) -> None:
    """Each relative import of the suite, and of the audit, leads to a file of the project."""
    tree = without_a_shop(pattern, {"content": True, "stack": stack})
    for path in tree:
        if re.match(r"(acceptance|proof)/.+\.py$", path):
            for node in ast.walk(ast.parse(tree[path].content)):
                if isinstance(node, ast.ImportFrom) and node.level:
                    folder = Path(path).parents[node.level - 1]
                    target = (folder / (node.module or "").replace(".", "/")).as_posix()
                    names = [f"{target}/{each.name}" for each in node.names] if not node.module else [target]
                    assert all(f"{name}.py" in tree or f"{name}/__init__.py" in tree for name in names), path


def test_only_alerts_of_what_is_there_remain() -> None:
    """Without orders there is no outbox and nothing to confirm; the other alerts stay."""
    alerts, fewer = (
        [
            rule["alert"]
            for group in yaml.safe_load(tree["deploy/observability/alerts.yaml"].content)["groups"]
            for rule in group["rules"]
        ]
        for tree in (tree_of({}), without_a_shop("monolith", {"content": True}))
    )
    gone = {"DeadLetters", "OutboxNotDraining", "OutboxStuck", "OrdersTimeOut", "ManyOrdersRejected"}
    assert fewer == [name for name in alerts if name not in gone] != []


@pytest.mark.thorough
def test_a_content_site_passes_its_checks(tmp_path: Path) -> None:
    """Lint, types, boundaries, unit tests, acceptance, audit, traces and Schemathesis pass."""
    check("monolith", {"cache": "memory", "content": True}, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(
    ("pattern", "options"),
    [
        ("monolith", {"auth": "oauth2", "database": "mysql", "load_balancer": "haproxy", "content": True}),
        ("monolith", {"extra_contexts": ["books"]}),
        ("monolith", {"auth": "oauth2", "observability": False}),
        ("microservices", {"content": True}),
        ("microservices", {"auth": "oauth2", "content": True, "extra_services": ["books"]}),
        ("event-driven", {"content": True}),
        ("event-driven", {"auth": "oauth2", "load_balancer": "haproxy", "extra_services": ["books"]}),
    ],
)
def test_other_projects_without_a_shop_pass_their_checks(
    pattern: str, options: dict[str, Value], tmp_path: Path
) -> None:
    """The same with an identity provider, with what a team adds, with accounts alone, and as services."""
    check(pattern, {"cache": "memory", **options}, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("option", "server"), [("postgresql", postgresql), ("mysql", mariadb)])
def test_a_content_site_announces_publications_on_real_servers(
    option: str, server: Callable[[Path], AbstractContextManager[str]], tmp_path: Path
) -> None:
    """Acceptance suite, contracts and the single announcement of two copies pass with Kafka and a server."""
    tree = without_a_shop("event-driven", {"content": True, "database": option, "cache": "memory"})
    project = write(tree, tmp_path / "project")
    (tmp_path / "broker").mkdir()
    tests = [f"tests/test_{name}.py" for name in ("acceptance", "contracts", "publications")]
    paths = "libs/src:services/identity/src:services/content/src:."
    with server(tmp_path) as database, kafka(tmp_path / "broker") as broker:
        servers = {"TEST_DATABASE_URL": database, "TEST_BUS_URL": broker.url, "PYTHONPATH": paths}
        done = run([python_for_all(), "-m", "pytest", "--show-capture=no", *tests], project, servers)
    assert done.returncode == 0, end_of(done)


def check(pattern: str, options: dict[str, Value], folder: Path) -> None:
    """Run the checks of a project without a shop."""
    project = write(without_a_shop(pattern, options), folder / "project")
    done = run(["make", "lint", "test", f"VENV={environment_for_all()}"], project)
    assert done.returncode == 0, end_of(done)
