"""`blueprint add` adds one service to an existing project, as an update would."""

from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import TINY_FILES, tiny, write_files, write_pattern

from .projects import content, edit, outcomes
from .running import Outcome, blueprint

LIST = {
    "type": "list",
    "item": "service",
    "reserved": ["orders"],
    "question": "Which other services?",
    "ask": "never",
}
LAYERS = [
    {"from": "files", "to": "."},
    {"from": "service", "to": "services/{{ service }}", "each": {"service": "extra_services"}},
]
ROUTES = "orders\n{% for service in extra_services %}\n{{ service }}\n{% endfor %}\nend\n"
FILES = {
    "files/.env.jinja": "KEY={{ secret('key') }}\n",
    "files/routes.txt.jinja": ROUTES,
    "service/{{ service }}.py.jinja": 'NAME = "{{ service }}"\n',
}


def pattern(version: str = "1.0.0") -> dict[str, object]:
    """Return a pattern of services to which a project can add more."""
    return tiny(version=version, options={"extra_services": LIST}, layers=LAYERS, values={}, look=[])


@pytest.fixture
def shop(here: Path) -> Path:
    """A project with one added service."""
    write_pattern(here / "tiny", pattern(), FILES)
    done = blueprint("new", "shop", "-p", "./tiny", "--set", "extra_services=reviews", "--yes", cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


def add(shop: Path, *arguments: str) -> Outcome:
    """Add an item to the project, with JSON output."""
    return blueprint("add", *arguments, "--json", cwd=shop)


def refused(shop: Path, *arguments: str) -> tuple[int, str, str]:
    """Return status, code and message of an `add` that is refused and changes nothing."""
    before = content(shop)
    done = add(shop, *arguments)
    assert content(shop) == before
    return done.status, done.json["error"]["code"], done.json["error"]["message"]


def test_a_service_is_added_and_wired_in(shop: Path) -> None:
    """The files of the service are created, only files that list services change, and it is recorded."""
    secret = (shop / ".env").read_bytes()
    done = add(shop, "service", "gift-cards")
    assert done.status == 0
    assert outcomes(done) == {"routes.txt": "updated", "services/gift_cards/gift_cards.py": "created"}
    assert (shop / "routes.txt").read_text() == "orders\nreviews\ngift_cards\nend\n"
    assert (shop / ".env").read_bytes() == secret
    answers = yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())
    assert answers["extra_services"] == ["reviews", "gift_cards"]
    assert outcomes(add(shop, "service", "returns"))["services/returns/returns.py"] == "created"


def test_the_text_output_names_the_changed_answer(shop: Path) -> None:
    """The text output names the changed answer, also when run inside the project."""
    done = blueprint("add", "service", "returns", cwd=shop / "services")
    assert done.out.startswith("Updated shop: tiny 1.0.0\n  extra_services: reviews, returns (was reviews)\n")


def test_a_dry_run_gives_the_same_result_and_writes_nothing(shop: Path) -> None:
    """A dry run gives the same result except for `written`, and writes nothing."""
    before = content(shop)
    dry = add(shop, "service", "returns", "--dry-run")
    assert content(shop) == before
    assert dry.json | {"written": True} == add(shop, "service", "returns").json


def test_edits_are_merged_and_conflicts_are_reported(shop: Path) -> None:
    """Edited files are merged; a conflict is reported and keeps every edited line."""
    edit(shop, "routes.txt", "orders\n", "# mine\norders\n")
    merged = add(shop, "service", "returns")
    assert (merged.status, outcomes(merged)["routes.txt"]) == (0, "merged")
    assert (shop / "routes.txt").read_text() == "# mine\norders\nreviews\nreturns\nend\n"

    edit(shop, "routes.txt", "returns\nend\n", "returns  # mine, too\nend\n")
    conflict = add(shop, "service", "credit")
    assert (conflict.status, outcomes(conflict)["routes.txt"]) == (8, "conflict")
    assert "returns  # mine, too\n" in (shop / "routes.txt").read_text()
    assert refused(shop, "service", "more")[:2] == (9, "unresolved-conflicts")


def test_a_handwritten_service_is_not_overwritten(shop: Path) -> None:
    """A file that the user wrote under the same path becomes a conflict with both versions."""
    write_files(shop, {"services/returns/returns.py": "mine = True\n"})
    done = add(shop, "service", "returns")
    assert (done.status, outcomes(done)["services/returns/returns.py"]) == (8, "conflict")
    assert "mine = True\n" in (shop / "services/returns/returns.py").read_text()


@pytest.mark.parametrize("name", ["reviews", "orders"])
def test_a_name_that_is_taken_is_refused(shop: Path, name: str) -> None:
    """A name is refused if an added or a built-in service has it."""
    status, code, message = refused(shop, "service", name)
    assert (status, code) == (3, "bad-answers")
    assert message == f"the project already has a service named {name}"


@pytest.mark.parametrize("name", ["Returns", "2nd", "re turns", "../returns", "class", "returns,credit", ""])
def test_an_invalid_name_is_refused(shop: Path, name: str) -> None:
    """A name is refused if it cannot be a folder, a module and a host."""
    status, code, message = refused(shop, "service", name)
    assert (status, code) == (3, "bad-answers")
    assert "cannot be the name of a service" in message


def test_an_unknown_kind_is_refused(here: Path, shop: Path) -> None:
    """An unknown kind of item is refused, with a suggestion or what can be added."""
    status, code, message = refused(shop, "servce", "returns")
    assert (status, code) == (3, "bad-answers")
    assert message.endswith("did you mean 'service'?")

    write_pattern(here / "plain", tiny(name="plain"), TINY_FILES)
    assert blueprint("new", "other", "-p", "./plain", "--yes", cwd=here).status == 0
    assert blueprint("add", "service", "returns", cwd=here / "other").err == (
        "Error: cannot add a 'service' to a plain project\n  This pattern has nothing to add.\n"
    )


@pytest.mark.parametrize(("version", "files"), [("1.0.0", {"files/new.txt": "new\n"}), ("1.1.0", {})])
def test_a_newer_pattern_must_be_applied_first(
    here: Path, shop: Path, version: str, files: dict[str, str]
) -> None:
    """`add` refuses a pattern whose version or files are newer; an update must come first."""
    write_pattern(here / "tiny", pattern(version), files)
    assert refused(shop, "service", "returns")[:2] == (9, "update-first")
    assert blueprint("update", cwd=shop).status == 0
    assert outcomes(add(shop, "service", "returns"))["services/returns/returns.py"] == "created"


def test_an_older_pattern_is_refused(here: Path, shop: Path) -> None:
    """`add` refuses an older pattern, as an update does."""
    write_pattern(here / "tiny", pattern("0.9.0"), {})
    assert refused(shop, "service", "returns")[:2] == (9, "downgrade")
