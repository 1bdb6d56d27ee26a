"""The option contexts: a project without the shop, for content or for contexts of the team."""

import json
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
import yaml

from blueprint.errors import BlueprintError
from blueprint.patterns import Value, check_answers, find_pattern
from blueprint.render import Tree

from .combinations import Combination, label, pairwise
from .described import architecture, parse
from .environment import environment_for_all
from .projects import COMBINATIONS, PROJECT, tree_of, write
from .running import PACKAGE, end_of, run

SHOP = ["catalog", "inventory", "cart", "orders", "payments"]
ONLY_ACCOUNTS: dict[str, Value] = {"contexts": ["identity"]}
ADDED: list[dict[str, Value]] = [{"content": True}, {}, {"extra_contexts": ["books"]}]
# The client of the acceptance suite is the same everywhere, and so is the chassis with its examples.
SHARED = re.compile(r"src/chassis/|acceptance/(client|conventions)\.py|requirements/|scripts/release\.py")
OF_A_SHOP = re.compile(
    r"/v1/(orders|products|stock|cart|wallet|payments)|\b(inventory|wallets?|stock|carts|payments?|orders)\b",
    re.IGNORECASE,
)
CASES = [each | added for each, added in product(pairwise(COMBINATIONS), ADDED)]


def without_a_shop(combination: Combination) -> Tree:
    """Return the files of a project that has accounts and what else is chosen."""
    return tree_of(combination | ONLY_ACCOUNTS)


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
def test_what_needs_a_missing_context_is_refused(contexts: list[str], message: str) -> None:
    """The sentence names what is missing."""
    with pytest.raises(BlueprintError, match=message):
        check_answers(find_pattern("monolith"), PROJECT, {"contexts": contexts})


def test_the_spring_stack_keeps_all_contexts() -> None:
    """It says that it cannot leave any out yet."""
    with pytest.raises(BlueprintError, match="the Spring stack cannot leave out contexts yet"):
        check_answers(find_pattern("monolith"), PROJECT, {"stack": "spring", **ONLY_ACCOUNTS})


def test_all_contexts_are_the_default() -> None:
    """Naming all of them, in any order, changes nothing."""
    assert tree_of({"contexts": ["payments", *SHOP[:-1], "identity"]}).keys() == tree_of({}).keys()


@pytest.mark.parametrize("combination", CASES, ids=label)
def test_nothing_of_the_shop_is_left(combination: Combination) -> None:
    """No package, route, table or sentence is about what was left out, and all files are well-formed."""
    tree = without_a_shop(combination)
    parse(tree)
    for path, file in tree.items():
        if path.endswith(".json"):
            json.loads(file.content)
        elif path.endswith(".toml"):
            tomllib.loads(file.content.decode())
        if not SHARED.match(path):
            assert OF_A_SHOP.findall(file.content.decode()) == [], path


@pytest.mark.parametrize("combination", CASES, ids=label)
def test_everything_describes_the_same_contexts(combination: Combination) -> None:
    """architecture.yaml, the packages and the import contracts agree."""
    tree = without_a_shop(combination)
    added = combination.get("extra_contexts", [])
    assert isinstance(added, list)
    contexts = {"identity", *(["content"] if combination.get("content") else []), *added}
    assert architecture(tree)["services"]["shop"]["contexts"] == [*sorted(contexts, key=_position)]
    packages = {path.split("/")[2] for path in tree if path.startswith(f"src/{PACKAGE}/")}
    beside = {"app", "issuer"} if combination["auth"] == "oauth2" else {"app"}
    assert packages == contexts | beside
    layers = tree[".importlinter"].content.decode().partition("layers =\n")[2]
    assert {name.strip() for name in layers.splitlines()[1].split("|")} == {
        f"{PACKAGE}.{name}" for name in packages - {"app"}
    }


def _position(context: str) -> int:
    return ["identity", "content"].index(context) if context in ("identity", "content") else 2


@pytest.mark.parametrize("combination", CASES, ids=label)
def test_every_path_of_a_readme_exists(combination: Combination) -> None:
    """Links of the README and of the guide for agents lead to files of the project."""
    tree = without_a_shop(combination)
    for document in ("README.md", "AGENTS.md", "proof/README.md", "acceptance/README.md"):
        if document in tree:
            folder = Path(document).parent
            for link in re.findall(r"\]\((?!http)([^)#]+)\)", tree[document].content.decode()):
                target = (folder / link).as_posix()
                assert any(f"{path}/".startswith(f"{target}/") for path in tree), (document, link)
            for command in re.findall(r"`make ([a-z-]+)", tree[document].content.decode()):
                assert re.search(rf"^{command}:", tree["Makefile"].content.decode(), re.MULTILINE), command


def test_only_alerts_of_what_is_there_remain() -> None:
    """Without orders there is no outbox and nothing to confirm; the other alerts stay."""
    alerts, fewer = (
        [
            rule["alert"]
            for group in yaml.safe_load(tree["deploy/observability/alerts.yaml"].content)["groups"]
            for rule in group["rules"]
        ]
        for tree in (tree_of({}), without_a_shop({"content": True}))
    )
    gone = {"DeadLetters", "OutboxNotDraining", "OutboxStuck", "OrdersTimeOut", "ManyOrdersRejected"}
    assert fewer == [name for name in alerts if name not in gone] != []


@pytest.mark.thorough
def test_a_content_site_passes_its_checks(tmp_path: Path) -> None:
    """Lint, types, boundaries, unit tests, acceptance, audit, traces and Schemathesis pass."""
    check({"cache": "memory", "content": True}, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(
    "options",
    [
        {
            "auth": "oauth2",
            "database": "mysql",
            "load_balancer": "haproxy",
            "cache": "memory",
            "content": True,
        },
        {"cache": "memory", "extra_contexts": ["books"]},
        {"cache": "memory", "auth": "oauth2", "observability": False},
    ],
    ids=["content with an issuer", "another context", "only accounts"],
)
def test_other_projects_without_a_shop_pass_their_checks(options: dict[str, Value], tmp_path: Path) -> None:
    """The same with an identity provider, with a context of the team, and with accounts alone."""
    check(options, tmp_path)


def check(options: dict[str, Value], folder: Path) -> None:
    """Run the checks of a project without a shop."""
    project = write(without_a_shop(options), folder / "project")
    done = run(["make", "lint", "test", f"VENV={environment_for_all()}"], project)
    assert done.returncode == 0, end_of(done)
