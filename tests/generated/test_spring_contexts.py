"""Projects without a shop in Java: what is left fits together."""

import re
from collections.abc import Iterator

import pytest
import yaml

from blueprint.render import Tree

from . import described
from .combinations import Combination
from .test_agents_guide import exists, paths
from .test_contexts import IN_JAVA, without_a_shop
from .test_spring_groupings import IMPORT, modules, unresolved_imports

CASES = pytest.mark.parametrize(("pattern", "combination"), IN_JAVA)
CLASS = re.compile(r"src/(?:main|test)/java/(.+)\.java")
MIGRATIONS = re.compile(r"(?:services/\w+/)?src/main/resources/db/(\w+)/")


def unresolved_imports_of_one_program(tree: Tree) -> Iterator[str]:
    """Yield the imports of a monolith's own classes that it does not have."""
    classes = {found[1].replace("/", "."): path for path in tree if (found := CLASS.fullmatch(path))}
    for name, path in classes.items():
        for imported in IMPORT.findall(tree[path].content.decode()):
            # A nested class, or a static method, is in the file of its class.
            if imported not in classes and imported.rpartition(".")[0] not in classes:
                yield f"{name} imports {imported}"


@CASES
def test_classes_find_each_other(pattern: str, combination: Combination) -> None:
    """No class of what is left imports one of the shop."""
    tree = without_a_shop(pattern, combination)
    find = unresolved_imports_of_one_program if pattern == "monolith" else unresolved_imports
    assert list(find(tree)) == []


@CASES
def test_the_guide_names_only_what_exists(pattern: str, combination: Combination) -> None:
    """It leads to no file of the shop."""
    tree = without_a_shop(pattern, combination)
    assert [path for path in paths(tree) if not exists(path.removeprefix("./"), tree)] == []


@CASES
def test_everything_describes_the_same_contexts(pattern: str, combination: Combination) -> None:
    """Tables, packages, API and architecture.yaml are those of identity, content and what a team adds."""
    tree = without_a_shop(pattern, combination)
    more = combination.get("extra_contexts" if pattern == "monolith" else "extra_services", [])
    assert isinstance(more, list)
    content = ["content"] if combination.get("content") or pattern == "event-driven" else []
    contexts = {"identity", *content, *more}
    tables = {found[1] for path in tree if (found := MIGRATIONS.match(path))}
    outboxes = {"content_service"} if pattern == "event-driven" else set()
    assert tables == contexts - ({"identity"} if combination.get("auth") == "oauth2" else set()) | outboxes
    documents = {path.rpartition("/")[2] for path in tree if "/main/resources/openapi/" in path}
    assert {f"{name}.yaml" for name in contexts} <= documents
    if pattern != "monolith":
        assert described.architecture(tree)["services"].keys() == contexts
        assert {module.removeprefix("services/") for module in modules(tree) if "/" in module} == contexts


@CASES
def test_users_are_looked_up_only_where_there_are_accounts(pattern: str, combination: Combination) -> None:
    """Only wallets ask whether a user exists, and an issuer's users are known to nobody else."""
    classes = {path.rpartition("/")[2] for path in without_a_shop(pattern, combination)}
    assert ("UserDirectory.java" in classes) == (combination.get("auth", "jwt") == "jwt")
    assert "IssuerUsers.java" not in classes


def test_a_site_has_no_consumers() -> None:
    """The bus has the topic of content, and nobody in the project reads it."""
    tree = without_a_shop("event-driven", {"stack": "spring"})
    bus = yaml.safe_load(tree["chassis/src/main/resources/bus.yaml"].content)["shop"]["bus"]
    assert bus["topics"] == {"content": "content.v1"}
    assert "groups" not in bus
    assert "dead-letters" not in tree["Makefile"].content.decode()
