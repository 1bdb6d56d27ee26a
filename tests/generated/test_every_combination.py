"""Every combination of options gives a sound project, as far as its text can tell."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator

import pytest
import yaml

from blueprint.patterns import Value

from .combinations import label
from .projects import COMBINATIONS, PROJECT, tree_of

TRACES: dict[tuple[str, Value], str] = {
    ("database", "postgresql"): r"postgres|asyncpg",
    ("database", "mysql"): r"mysql|mariadb|asyncmy",
    ("cache", "redis"): r"redis(?!patch)",
    ("cache", "memcached"): r"memcache|emcache",
    ("auth", "jwt"): r"argon2|signing_key|refresh_token",
    ("auth", "oauth2"): r"oauth2|oidc|keycloak",
    ("load_balancer", "nginx"): r"nginx",
    ("load_balancer", "haproxy"): r"haproxy",
    ("kubernetes", True): r"kubernetes|kustomiz|kubectl",
    ("observability", True): r"prometheus|grafana|opentelemetry|otel|structlog",
}
"""What gives away that an option was chosen."""

EXEMPT = ("acceptance/", "requirements/")
"""The black-box clients know both kinds of sign-in; the pins name what a chosen library itself requires."""


@pytest.fixture(scope="module")
def unique_files() -> list[tuple[str, bytes]]:
    """Each different file that any combination gives, once."""
    found = {
        (path, file.content) for combination in COMBINATIONS for path, file in tree_of(combination).items()
    }
    return sorted(found)


def texts(files: list[tuple[str, bytes]], *endings: str) -> Iterator[tuple[str, str]]:
    """Path and text of those files whose names end so."""
    return ((path, content.decode()) for path, content in files if path.endswith(endings))


def test_all_python_compiles(unique_files: list[tuple[str, bytes]]) -> None:
    """Each Python file parses."""
    for path, text in texts(unique_files, ".py"):
        ast.parse(text, path)


def test_all_configuration_parses(unique_files: list[tuple[str, bytes]]) -> None:
    """Each YAML, JSON and TOML file is well-formed."""
    for _path, text in texts(unique_files, ".yaml", ".yml"):
        list(yaml.compose_all(text, yaml.CSafeLoader))
    for _path, text in texts(unique_files, ".json"):
        json.loads(text)
    for _path, text in texts(unique_files, ".toml"):
        tomllib.loads(text)


def test_no_template_syntax_is_left(unique_files: list[tuple[str, bytes]]) -> None:
    """No Jinja is left in a rendered file; what looks like it belongs to GitHub, Prometheus or Docker."""
    jinja = re.compile(r"\{%|\{#|(?<!\$)\{\{ *(package|project|pattern|secret)\b")
    left = [path for path, content in unique_files if jinja.search(content.decode(errors="ignore"))]
    assert left == []


def test_no_trace_of_the_generator(unique_files: list[tuple[str, bytes]]) -> None:
    """A generated project does not mention what generated it."""
    assert [path for path, content in unique_files if b"blueprint" in content.lower()] == []


@pytest.mark.parametrize("combination", COMBINATIONS, ids=label)
def test_only_what_was_chosen(combination: dict[str, Value]) -> None:
    """No file speaks of a component that was not chosen."""
    forbidden = [words for (name, value), words in TRACES.items() if combination[name] != value]
    pattern = re.compile("|".join(forbidden), re.IGNORECASE)
    leftovers = {
        f"{path}: {match[0]}"
        for path, file in tree_of(combination).items()
        if not path.startswith(EXEMPT)
        for match in pattern.finditer(path + "\n" + file.content.decode(errors="ignore"))
    }
    assert leftovers == set()


@pytest.mark.parametrize(("option", "value"), TRACES, ids=str)
def test_what_was_chosen_is_there(option: str, value: Value) -> None:
    """The traces are real: a project with the option has them, so their absence means something."""
    combination = next(each for each in COMBINATIONS if each[option] == value)
    text = "\n".join(file.content.decode(errors="ignore") for file in tree_of(combination).values())
    assert re.search(TRACES[option, value], text, re.IGNORECASE)


def test_the_name_of_the_project_is_used(unique_files: list[tuple[str, bytes]]) -> None:
    """The package is called as the project is, and the sources are below it."""
    package = PROJECT.replace("-", "_")
    assert any(path.startswith(f"src/{package}/app/") for path, _ in unique_files)
    assert not any(path.startswith("src/shop/") for path, _ in unique_files)
