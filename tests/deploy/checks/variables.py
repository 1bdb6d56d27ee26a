"""Environment variables that the generated code reads, and those that the deployment sets."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .manifests import Manifest, containers
from .references import EXPANSION, of_kind
from .syntax import nodes

INTERPRETER = ("PATH", "PYTHON")
"""Prefixes of variables that Python reads."""
PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z_]*)(:)?")
"""A variable in Spring's settings, and the colon before its default."""


@cache
def read_by(sources: Path) -> dict[str, bool]:
    """Return the variables that classes derived from `Settings` read, and whether each has to be set."""
    return {
        name: required
        for path in _modules(sources)
        for fields in _settings(path).values()
        for name, required in fields.items()
    }


@cache
def read_by_spring(resources: Path) -> dict[str, bool]:
    """Return the variables that the settings of a shop in Java read, and whether each has to be set."""
    settings = "".join(path.read_text() for path in sorted(resources.glob("*.yaml")))
    return {name: not default for name, default in PLACEHOLDER.findall(settings)}


@cache
def read_by_service(project: Path, service: str) -> dict[str, bool]:
    """Return the variables that one service of a distributed shop reads, including its libraries.

    A library has settings for several kinds of services; only the classes that the code uses count.
    """
    modules = [*_modules(project / "libs/src"), *_modules(project / "services" / service / "src")]
    known = {name: fields for path in modules for name, fields in _settings(path).items()}
    return {
        name: required
        for path in modules
        for made in _calls(path) & known.keys()
        for name, required in known[made].items()
    }


def calls(project: Path, services: Sequence[str]) -> set[tuple[str, str]]:
    """Return the calls in the settings: consumer and provider, for each `<provider>_url`."""
    return {
        (service, name)
        for service in services
        for variable in read_by_service(project, service)
        if (name := variable.removesuffix("_URL").lower()) in services
    }


def unread(set_there: set[str], read: dict[str, bool]) -> list[str]:
    """Return the variables that are set but not read."""
    return sorted(name for name in set_there - read.keys() if not name.startswith(INTERPRETER))


def unset(set_there: set[str], read: dict[str, bool]) -> list[str]:
    """Return the required variables that are not set."""
    return sorted(name for name, required in read.items() if required and name not in set_there)


def of_container(manifests: list[Manifest], name: str) -> set[str]:
    """Return the variables of a container (`Kind/name/container`), including those of its ConfigMaps.

    Excludes variables that only serve to compose others.
    """
    maps = {each["metadata"]["name"]: set(each.get("data", {})) for each in of_kind(manifests, "ConfigMap")}
    (container,) = (each for found, each in containers(manifests) if found == name)
    given = {variable["name"]: variable.get("value", "") for variable in container.get("env", [])}
    parts = {part for value in given.values() for part in EXPANSION.findall(value)}
    shared = (maps[source["configMapRef"]["name"]] for source in container.get("envFrom", []))
    return set(given).union(*shared) - parts


def of_service(compose: dict[str, Any], name: str) -> set[str]:
    """Return the variables of a Compose service."""
    return set(compose["services"][name].get("environment", {}))


def _modules(sources: Path) -> list[Path]:
    # The development issuer and the audit are never deployed.
    return [
        path
        for path in sorted(sources.rglob("*.py"))
        if not {"issuer", "tests"} & set(path.relative_to(sources).parts)
        and path.name not in ("conftest.py", "audit.py")
    ]


@cache
def _settings(path: Path) -> dict[str, dict[str, bool]]:
    """Return the variables of a module's `Settings` classes, and whether each is required."""
    return {
        node.name: {name.upper(): required for name, required in _fields(node)}
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Settings" for base in node.bases)
    }


@cache
def _calls(path: Path) -> set[str]:
    """Return the names that are called in a module."""
    return {
        node.func.id for node in nodes(path) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, bool]]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            yield line.target.id, line.value is None or _has_no_default(line.value)


def _has_no_default(value: ast.expr) -> bool:
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "Field"):
        return False
    return not value.args and not {"default", "default_factory"} & {keyword.arg for keyword in value.keywords}
