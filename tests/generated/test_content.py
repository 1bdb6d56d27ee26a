"""The option content: what a project gets with it, and that articles keep their contract."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.patterns import check_answers, find_pattern
from blueprint.render import render
from tests.servers.databases import mariadb, postgresql
from tests.servers.kafka import kafka

from .combinations import Combination, label, pairwise
from .described import (
    architecture,
    listed_calls,
    permitted_calls,
    unresolved_imports,
    wired_calls,
)
from .environment import python_for_all
from .groupings import CHOSEN, Grouping, calls, service_of
from .projects import PATTERNS, PROJECT, combinations_of, tree_of, write
from .running import PACKAGE, end_of, run

OFFERED = [each for each in PATTERNS if "content" in find_pattern(each).options]
# Tests of the shops in which content is a service.
DISTRIBUTED = {
    "microservices": ["tests/test_acceptance.py"],
    "event-driven": ["tests/test_acceptance.py", "tests/test_contracts.py", "tests/test_publications.py"],
}
ALONE = {"PYTHONPATH": "libs/src:services/content/src"}
CONTEXT = f"src/{PACKAGE}/content"
ADDED = re.compile(
    rf"{CONTEXT}/|services/content/|deploy/kubernetes/base/content/|proof/|acceptance/|contracts/Article"
    r"|tests/test_publications\.py"
)
# Files that list contexts, routes, settings or packages.
LISTS = re.compile(
    r"\.importlinter|README\.md|Makefile|architecture\.yaml|pyproject\.toml|schemathesis\.toml"
    r"|requirements/runtime\.txt|deploy/.*|tests/test_(api|boundaries)\.py|proof/audit/(report|routes)\.py"
    r"|.*/app/wiring\.py|dev/gateway\.py|.*/chassis/project\.py|\.github/.*|\.env(\.example)?"
    r"|.*/choreography/topics\.py|dev/contracts\.py|contracts/asyncapi\.json|tests/(messages|test_contracts)\.py"
)
# What tests must notice: a file of the context, a text in it, what a fault makes of it, and the tests.
FAULTS = [
    ("markdown.py", '{"html": False}', '{"html": True}', "test_markdown.py"),
    ("markdown.py", "nh3.clean(", "str(", "test_markdown.py"),
    ("repository.py", "if owner not in (None, of.id):", "if False:", "test_publishing.py"),
    ("repository.py", "found.revision not in revisions", "False", "test_api.py"),
    ("repository.py", "row.author_id != member.user_id", "False", "test_writing.py"),
    (
        "domain.py",
        "replace(self._in(ArticleState.DRAFT)",
        "replace(self._in(self.state)",
        "test_publishing.py",
    ),
    ("search.py", "sa.func.count() == len(found)", "sa.func.count() > 0", "test_reading.py"),
    ("reading.py", ", article_slug.c.was_public)", ")", "test_publishing.py"),
    ("staff.py", "raise Forbidden", "role = Role.AUTHOR", "test_api.py"),
]


@contextmanager
def sqlite(_folder: Path) -> Iterator[None]:
    """Leave the tests to their embedded database."""
    yield None


Server = Callable[[Path], AbstractContextManager[str | None]]
DATABASE_OF = {"sqlite": "postgresql", "postgresql": "postgresql", "mariadb": "mysql"}
SERVERS: dict[str, Server] = {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mariadb}


def project(folder: Path, database: str = "postgresql") -> Path:
    """Write a monolith with content, and return its folder."""
    return write(tree_of({"database": database, "cache": "memory", "content": True}), folder)


@pytest.mark.parametrize("pattern", OFFERED)
@pytest.mark.slow
def test_content_is_off_by_default_and_only_adds(pattern: str) -> None:
    """With it, a project has more files and longer lists of contexts and packages; others stay the same."""
    for each in pairwise(combinations_of(pattern)):
        before, after = tree_of(each, pattern=pattern), tree_of(each | {"content": True}, pattern=pattern)
        assert before.keys() <= after.keys(), label(each)
        added = after.keys() - before.keys()
        assert all(ADDED.match(path) for path in added), label(each)
        changed = {path for path in before if path != ".env" and before[path] != after[path]}
        assert {path for path in changed if not LISTS.fullmatch(path)} == set(), label(each)
        assert b"nh3" not in before["requirements/runtime.txt"].content


@pytest.mark.parametrize("name", ["content", "articles"])
@pytest.mark.parametrize(
    ("pattern", "option"),
    [
        ("monolith", "extra_contexts"),
        ("microservices", "extra_services"),
        ("event-driven", "extra_services"),
    ],
)
def test_no_other_context_has_its_names(pattern: str, option: str, name: str) -> None:
    """A context of the team would share the package or the paths of content."""
    found = find_pattern(pattern)
    with pytest.raises(BlueprintError, match="belong to the option content"):
        check_answers(found, PROJECT, {"content": True, option: [name]})
    check_answers(found, PROJECT, {option: [name]})


@pytest.mark.parametrize("grouping", CHOSEN.values(), ids=CHOSEN)
def test_content_is_a_service_beside_any_grouping(grouping: Grouping) -> None:
    """It has what it imports, asks only for the keys of tokens, and nobody calls it."""
    found = find_pattern("microservices")
    tree = render(found, check_answers(found, PROJECT, {"deployables": grouping, "content": True})).tree
    assert unresolved_imports(tree) == []
    assert wired_calls(tree) == calls(grouping) == listed_calls(tree)
    of_content = {pair for pair in permitted_calls(tree) if "content" in pair}
    assert of_content == {("content", service_of(grouping)["identity"])}
    assert architecture(tree)["services"]["content"] == {"contexts": ["content"], "database": ["content"]}


@pytest.mark.parametrize(
    "server",
    [
        pytest.param("sqlite", marks=pytest.mark.slow),
        *(pytest.param(each, marks=pytest.mark.thorough) for each in ("postgresql", "mariadb")),
    ],
)
def test_articles_keep_their_contract(server: str, tmp_path: Path) -> None:
    """The tests of the context, of its audit and of its API over HTTP pass on each database."""
    folder = project(tmp_path / "project", DATABASE_OF[server])
    # The tests of the audit plant what the audit of the shop must not find, so each has a database.
    for number, tests in enumerate(
        [(CONTEXT, "proof/tests/test_content_audit.py"), ("tests/test_acceptance.py",)]
    ):
        servers = tmp_path / f"servers-{number}"
        servers.mkdir()
        with SERVERS[server](servers) as url:
            variables = {"ACCEPTANCE": "acceptance/test_article_versions.py"}
            variables |= {"TEST_DATABASE_URL": url} if url else {}
            done = run([python_for_all(), "-m", "pytest", *tests], folder, variables)
        assert done.returncode == 0, end_of(done)


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", DISTRIBUTED)
def test_a_service_of_content_keeps_its_contract(pattern: str, tmp_path: Path) -> None:
    """Boundaries and contracts hold, and the API and the audit of articles answer as in the monolith."""
    project = write(tree_of({"cache": "memory", "content": True}, pattern=pattern), tmp_path / "project")
    tests = ["tests/test_boundaries.py", "tests/test_architecture.py", *DISTRIBUTED[pattern]]
    check_articles(project, tests, {})


@pytest.mark.long
@pytest.mark.parametrize("pattern", DISTRIBUTED)
@pytest.mark.parametrize("server", ["postgresql", "mariadb"])
def test_a_service_of_content_keeps_its_contract_on_servers(
    pattern: str, server: str, tmp_path: Path
) -> None:
    """Its unit tests, its API and its audit pass on the server, with Kafka where it announces articles."""
    options: Combination = {"database": DATABASE_OF[server], "cache": "memory", "content": True}
    project = write(tree_of(options, pattern=pattern), tmp_path / "project")
    with ExitStack() as stack:
        variables = {"TEST_DATABASE_URL": stack.enter_context(SERVERS[server](tmp_path)) or ""}
        if (project / "deploy/kafka").exists():
            (tmp_path / "broker").mkdir()
            variables["TEST_BUS_URL"] = stack.enter_context(kafka(tmp_path / "broker")).url
        done = run([python_for_all(), "-m", "pytest", "services/content/src"], project, variables | ALONE)
        assert done.returncode == 0, end_of(done)
        check_articles(project, DISTRIBUTED[pattern], variables)


@pytest.mark.thorough
def test_the_whole_shop_with_content_passes_its_checks(tmp_path: Path) -> None:
    """Lint, types, boundaries, the whole acceptance suite and Schemathesis pass."""
    environment = Path(python_for_all()).parent.parent
    done = run(["make", "lint", "test", f"VENV={environment}"], project(tmp_path / "project"))
    assert done.returncode == 0, end_of(done)


@pytest.mark.thorough
@pytest.mark.parametrize(("file", "text", "fault", "tests"), FAULTS)
def test_a_planted_fault_is_found(file: str, text: str, fault: str, tests: str, tmp_path: Path) -> None:
    """The tests of content fail without what they are for."""
    folder = project(tmp_path / "project")
    path = folder / CONTEXT / file
    source = path.read_text()
    assert source.count(text) == 1
    path.write_text(source.replace(text, fault))
    done = run([python_for_all(), "-m", "pytest", f"{CONTEXT}/tests/{tests}"], folder)
    assert re.search(r"\d failed", done.stdout), end_of(done)


def check_articles(project: Path, tests: list[str], variables: Mapping[str, str]) -> None:
    """Run tests of a distributed shop, and of its acceptance suite those of articles."""
    sources = [f"services/{path.name}/src" for path in (project / "services").iterdir()]
    given = {"ACCEPTANCE": "acceptance/test_article_versions.py", "PYTHONPATH": ":".join([*sources, "."])}
    done = run([python_for_all(), "-m", "pytest", *tests], project, given | dict(variables))
    assert done.returncode == 0, end_of(done)
