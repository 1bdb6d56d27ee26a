"""Content in Java: a package of the monolith, and a service beside every grouping of services."""

import re
from functools import cache

import pytest
import yaml

from blueprint.patterns import Value
from blueprint.render import Tree

from . import described
from .combinations import Combination
from .groupings import COARSE, EVENTS_COARSE, service_of
from .projects import tree_of
from .test_spring_groupings import modules, settings, unresolved_imports

IN_JAVA: dict[str, Value] = {"stack": "spring", "content": True}
GROUPINGS = {"microservices": COARSE, "event-driven": EVENTS_COARSE}
SERVICES = pytest.mark.parametrize("pattern", GROUPINGS)
PLACE = re.compile(r"src/(main|test)/.+/content/.+|src/main/.+/content\.yaml")
LIBRARIES = ("commonmark", "owasp-java-html-sanitizer", "java-diff-utils")
LISTS = re.compile(
    r"README\.md|AGENTS\.md|architecture\.yaml|pom\.xml|Dockerfile|deploy/.*|\.github/.*|acceptance/README\.md"
    r"|dev/src/main/resources/config/application\.yaml|.+/docs/index\.html|.+/bus\.yaml|\.env(\.example)?"
)
"""Files that list contexts, services, routes or libraries."""


def of_content(tree: Tree) -> dict[str, bytes]:
    """Return the files of the context, by their path below the folder of sources."""
    places = ((path, PLACE.search(path)) for path in tree)
    return {place[0]: tree[path].content for path, place in places if place}


@cache
def with_content(pattern: str, auth: str = "jwt") -> Tree:
    """Return the files of a shop with content, and services with several contexts."""
    return described.rendered(pattern, GROUPINGS[pattern], auth=auth, **IN_JAVA)


@SERVICES
def test_content_moves_into_a_service_unedited(pattern: str) -> None:
    """The context has the same files in the monolith and in a service: code, tables, API, settings, tests."""
    monolith = of_content(tree_of(dict(IN_JAVA)))
    assert len(monolith) > 30
    assert of_content(with_content(pattern)) == monolith


@SERVICES
@pytest.mark.parametrize("auth", ["jwt", "oauth2"])
def test_content_is_a_service_beside_any_grouping(pattern: str, auth: str) -> None:
    """It has what it imports, calls nobody, and is routed; only it has the libraries of articles."""
    tree = with_content(pattern, auth)
    described.parse(tree)
    assert list(unresolved_imports(tree)) == []
    service = described.architecture(tree)["services"]["content"]
    own = ["content_service"] if pattern == "event-driven" else []
    assert service == {"contexts": ["content"], "database": ["content", *own]}
    assert str(settings(tree, "content")["contexts"]).split(",") == service["database"]
    keys = {("content", service_of(GROUPINGS[pattern])["identity"])} if auth == "jwt" else set()
    assert {pair for pair in described.permitted_calls(tree) if "content" in pair} == keys
    builds = described.texts(tree, "pom.xml").items()
    for library in LIBRARIES:
        users = [path for path, text in builds if f"<artifactId>{library}</artifactId>" in text]
        assert users == ["services/content/pom.xml"]
    gateway = yaml.safe_load(tree["dev/src/main/resources/config/application.yaml"].content)
    assert gateway["shop"]["audits"] == {"orders": "/internal/audit", "content": "/internal/audit/content"}


@SERVICES
def test_content_only_adds(pattern: str) -> None:
    """With it, a project has more files and longer lists; other contexts and services stay the same."""
    before = described.rendered(pattern, GROUPINGS[pattern], stack="spring")
    after = with_content(pattern)
    added = re.compile(r"services/content/|deploy/kubernetes/base/content/|acceptance/|contracts/Article")
    assert [path for path in after.keys() - before.keys() if not added.match(path)] == []
    changed = [path for path in before if before[path] != after[path]]
    assert [path for path in changed if not LISTS.fullmatch(path)] == []


def test_only_event_driven_content_announces() -> None:
    """There, a listener stores each publication in an outbox; elsewhere, there is neither."""
    announced = modules(with_content("event-driven"))["services/content"]
    assert {"Announcements", "ContentWiring"} <= {name.rpartition(".")[2] for name in announced}
    plain = modules(with_content("microservices"))["services/content"]
    assert [name for name, text in plain.items() if "EventListener" in text or "Outbox" in text] == []


def test_the_topic_and_contracts_are_those_of_python() -> None:
    """Consumers read the same events, whatever the stack of the service that publishes them."""
    java, python = (
        tree_of(combination, pattern="event-driven")
        for combination in (dict(IN_JAVA), Combination({"content": True}))
    )
    for path in ("contracts/ArticlePublished.v1.json", "contracts/ArticleWithdrawn.v1.json"):
        assert java[path] == python[path]
    described_contexts = described.architecture(java)["contexts"]
    assert described_contexts["content"] == described.architecture(python)["contexts"]["content"]
    bus = yaml.safe_load(java["chassis/src/main/resources/bus.yaml"].content)["shop"]["bus"]
    assert bus["topics"]["content"] == described_contexts["content"]["publishes"][0] == "content.v1"
    assert "content" not in bus["groups"]
