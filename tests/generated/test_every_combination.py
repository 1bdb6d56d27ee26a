"""Static checks of the generated files of every combination of options."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
import yaml

from blueprint.patterns import Value

from .combinations import Combination, label, some
from .projects import PATTERNS, PROJECT, combinations_of, tree_of

Files = list[tuple[str, bytes]]

TRACES: dict[tuple[str, Value], str] = {
    ("database", "postgresql"): r"postgres|asyncpg",
    ("database", "mysql"): r"mysql|mariadb|asyncmy",
    ("cache", "redis"): r"redis(?!patch)",
    ("cache", "memcached"): r"memcache|emcache",
    ("auth", "jwt"): r"argon2|signing_key|refresh_token",
    ("auth", "oauth2"): r"oauth2(?![-_]?redirect)|oidc|keycloak",
    ("load_balancer", "nginx"): r"nginx",
    ("load_balancer", "haproxy"): r"haproxy",
    ("kubernetes", True): r"kubernetes|kustomiz|kubectl",
    ("observability", True): r"prometheus|grafana|opentelemetry|otel|structlog",
}
"""Words that show that an option was chosen."""

ANALYTICS = "services/analytics/src/corner_shop/analytics"
EXEMPT = ("acceptance/", "requirements/", f"{ANALYTICS}/static/session.js", f"{ANALYTICS}/tests/app.py")
"""Files that may mention other options: the black-box clients and the analytics page support both kinds of
sign-in, and the pins include dependencies of chosen libraries."""

GUIDES = {"README.md", "AGENTS.md"}
KAFKA = re.compile("kafka", re.IGNORECASE)
EVENT_DRIVEN = "event-driven"

FEW = {pattern: some(combinations_of(pattern)) for pattern in PATTERNS}
"""Combinations for the fast tests; `thorough` tests all."""
CASES = [
    pytest.param(
        pattern,
        each,
        marks=[] if each in FEW[pattern] else pytest.mark.thorough,
        id=f"{pattern}-{label(each)}",
    )
    for pattern in PATTERNS
    for each in combinations_of(pattern)
]


SELECTIONS = [
    *(pytest.param((pattern, FEW[pattern]), id=pattern) for pattern in PATTERNS),
    *(
        pytest.param((pattern, combinations_of(pattern)), id=f"{pattern}-all", marks=pytest.mark.thorough)
        for pattern in PATTERNS
    ),
]


@pytest.fixture(scope="module", params=SELECTIONS)
def unique_files(request: pytest.FixtureRequest) -> Files:
    """Each distinct file of a selection of a pattern's combinations."""
    pattern, selection = request.param
    trees = (tree_of(each, pattern=pattern) for each in selection)
    return sorted({(path, file.content) for tree in trees for path, file in tree.items()})


def texts(files: Files, *endings: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of the files with these endings."""
    return ((path, content.decode()) for path, content in files if path.endswith(endings))


def test_all_python_compiles(unique_files: Files) -> None:
    """Every generated Python file is valid Python."""
    for path, text in texts(unique_files, ".py"):
        ast.parse(text, path)


def test_all_configuration_parses(unique_files: Files) -> None:
    """Every generated YAML, JSON and TOML file is well-formed."""
    for _path, text in texts(unique_files, ".yaml", ".yml"):
        list(yaml.compose_all(text, yaml.CSafeLoader))
    for _path, text in texts(unique_files, ".json"):
        json.loads(text)
    for _path, text in texts(unique_files, ".toml"):
        tomllib.loads(text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_editors_find_every_root_of_imports(pattern: str) -> None:
    """pyright searches each folder of sources for files outside services, and the libraries for a service."""
    tree = tree_of(FEW[pattern][0], pattern=pattern)
    pyright = tomllib.loads(tree["pyproject.toml"].content.decode())["tool"]["pyright"]
    roots = {match[1] for path in tree if (match := re.match(r"((?:services/\w+/|libs/)?src)/", path))}
    environments = pyright.get("executionEnvironments", [pyright | {"root": "."}])
    found = {each["root"]: set(each.get("extraPaths", [])) for each in environments}
    assert found.pop(".") == roots
    assert found.pop("libs/src", set()) == set()
    assert found == {root: {"libs/src"} for root in roots if root.startswith("services/")}


def test_no_template_syntax_is_left(unique_files: Files) -> None:
    """No Jinja is left in a rendered file; similar syntax belongs to GitHub, Prometheus or Docker."""
    # The templates write a space after the braces; Grafana's legends contain {{service}}.
    jinja = re.compile(r"\{%|\{#|(?<!\$)\{\{( *(package|project|pattern|secret)| +(service|role))\b")
    left = [path for path, content in unique_files if jinja.search(content.decode(errors="ignore"))]
    assert left == []


def test_only_the_guides_mention_the_generator(unique_files: Files) -> None:
    """Only the files that describe how to update a project mention its generator; no code needs it."""
    assert {path for path, content in unique_files if b"blueprint" in content.lower()} == GUIDES


SECRET = re.compile(r"(?<=[=:])[\w-]{32,}(?=$|@)", re.MULTILINE)
"""A random value in a file of settings, or in an address there; it may contain any short word."""


@cache
def traces(path: str, content: bytes) -> frozenset[tuple[str, Value]]:
    """Return the choices that a file's path or content shows."""
    text = SECRET.sub("", f"{path}\n{content.decode(errors='ignore')}")
    return frozenset(choice for choice, words in TRACES.items() if re.search(words, text, re.IGNORECASE))


@pytest.mark.parametrize(("pattern", "combination"), CASES)
def test_options_that_were_not_chosen_are_not_mentioned(pattern: str, combination: Combination) -> None:
    """No file mentions a component that was not chosen."""
    chosen = {(name, value) for name, value in combination.items() if not isinstance(value, list)}
    leftovers = {
        (path, trace)
        for path, file in tree_of(combination, pattern=pattern).items()
        if not path.startswith(EXEMPT)
        for trace in traces(path, file.content) - chosen
    }
    assert leftovers == set()


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("option", "value"), TRACES, ids=str)
def test_chosen_options_are_mentioned(pattern: str, option: str, value: Value) -> None:
    """A project with an option mentions it, so that the absence of these words is meaningful."""
    combination = next(each for each in combinations_of(pattern) if each[option] == value)
    found = (traces(path, file.content) for path, file in tree_of(combination, pattern=pattern).items())
    assert (option, value) in frozenset().union(*found)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_only_the_event_driven_pattern_has_a_broker(pattern: str) -> None:
    """Only the event-driven pattern mentions Kafka."""
    tree = tree_of(combinations_of(pattern)[0], pattern=pattern)
    there = {path for path, file in tree.items() if KAFKA.search(path + file.content.decode(errors="ignore"))}
    assert bool(there) == (pattern == EVENT_DRIVEN), there


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_name_of_the_project_is_used(pattern: str) -> None:
    """The sources are the package with the project's name, and the libraries with fixed names."""
    sources = {path for path in tree_of(combinations_of(pattern)[0], pattern=pattern) if "src/" in path}
    package = PROJECT.replace("-", "_")
    assert sources
    libraries = {"choreography", "chassis"} if pattern == EVENT_DRIVEN else {"chassis"}
    assert {path.split("src/")[1].split("/")[0] for path in sources} == {package} | libraries
