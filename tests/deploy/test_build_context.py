"""What a Dockerfile can copy: the files of the project that .dockerignore admits."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import PurePosixPath

import pytest

from blueprint.render import Tree
from tests.generated.combinations import Combination
from tests.generated.projects import tree_of
from tests.generated.test_every_combination import CASES

TEST_LIBRARIES = {"hypothesis", "pytest", "pytest_asyncio", "schemathesis"}


def build_context(tree: Tree) -> Iterator[str]:
    """Yield the paths that .dockerignore admits: without the excluded names."""
    rules = [rule for rule in tree[".dockerignore"].content.decode().splitlines() if not rule.startswith("#")]
    admitted = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    excluded = [rule.removeprefix("**/") for rule in rules if rule.startswith("**/")]
    assert len(rules) == 1 + len(admitted) + len(excluded)
    for path in tree:
        parts = PurePosixPath(path).parts
        if parts[0] in admitted and not any(fnmatch(part, name) for part in parts for name in excluded):
            yield path


@cache
def imported(source: bytes) -> set[str]:
    """Return the names of modules, without their packages, and of packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(alias.name for alias in node.names)}
    return {part for name in names for part in name.split(".")}


@pytest.mark.parametrize(("pattern", "combination"), CASES)
def test_only_programs_enter_the_image(pattern: str, combination: Combination) -> None:
    """The context has no tests, nothing that imports them or a test library, and no development issuer."""
    tree = tree_of(combination, pattern=pattern)
    context = list(build_context(tree))
    python = [path for path in context if path.endswith(".py")]
    assert len(python) > 100
    assert [path for path in python if PurePosixPath(path).name.startswith("test")] == []
    assert [path for path in context if "issuer" in PurePosixPath(path).parts] == []
    forbidden = TEST_LIBRARIES | {"conftest", "issuer", "testing", "tests"}
    assert [path for path in python if imported(tree[path].content) & forbidden] == []
