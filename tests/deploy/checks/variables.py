"""Environment variables: which ones the generated code reads, and which the deployment sets."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .manifests import Manifest, containers
from .references import of_kind

INTERPRETER = ("PATH", "PYTHON")
"""Beginnings of names that Python itself reads."""


@cache
def read_by(sources: Path) -> dict[str, bool]:
    """Return the variables that classes derived from `Settings` read, and whether each has to be set."""
    found = {}
    for path in sources.rglob("*.py"):
        # The issuer for development is deployed nowhere: its place is taken by a real one.
        if path.parent.name == "issuer":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Settings" for base in node.bases):
                for name, required in _fields(node):
                    found[name.upper()] = required
    return found


def unread(set_there: set[str], read: dict[str, bool]) -> list[str]:
    """Variables that are set and that nothing reads."""
    return sorted(name for name in set_there - read.keys() if not name.startswith(INTERPRETER))


def unset(set_there: set[str], read: dict[str, bool]) -> list[str]:
    """Variables that the code cannot do without and that are not set."""
    return sorted(name for name, required in read.items() if required and name not in set_there)


def of_container(manifests: list[Manifest], name: str) -> set[str]:
    """The variables of the container called so (`Kind/name/container`), those of its ConfigMaps included."""
    maps = {each["metadata"]["name"]: set(each.get("data", {})) for each in of_kind(manifests, "ConfigMap")}
    (container,) = (each for found, each in containers(manifests) if found == name)
    variables = {variable["name"] for variable in container.get("env", [])}
    return variables.union(*(maps[source["configMapRef"]["name"]] for source in container.get("envFrom", [])))


def of_service(compose: dict[str, Any], name: str) -> set[str]:
    """The variables of a compose service."""
    return set(compose["services"][name].get("environment", {}))


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, bool]]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            yield line.target.id, line.value is None or _has_no_default(line.value)


def _has_no_default(value: ast.expr) -> bool:
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "Field"):
        return False
    return not value.args and not {"default", "default_factory"} & {keyword.arg for keyword in value.keywords}
