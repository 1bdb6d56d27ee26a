"""`blueprint add service` to a shop of either distributed pattern, with edits by the user."""

import ast
from pathlib import Path

import pytest
import yaml

from .projects import content, edit, outcomes
from .running import blueprint

FILES_THAT_LIST_SERVICES = ("Makefile", ".importlinter", "pyproject.toml", "architecture.yaml")


@pytest.fixture(params=["microservices", "event-driven"])
def shop(here: Path, request: pytest.FixtureRequest) -> Path:
    """A shop of the pattern."""
    done = blueprint("new", "shop", "-p", request.param, "--yes", cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


@pytest.mark.slow
def test_an_added_service_is_complete_and_registered(shop: Path) -> None:
    """The service gets valid code, tables, tests and an entry point; the workspace lists it."""
    before = content(shop)
    done = blueprint("add", "service", "gift_cards", "--json", cwd=shop)
    assert done.status == 0
    after = content(shop)
    new = {path.removeprefix("services/gift_cards/src/shop/") for path in after.keys() - before.keys()}
    assert {
        "gift_cards/tables.py",
        "gift_cards/migrations/0001_create_note.py",
        "gift_cards/tests/test_notes.py",
        "gift_cards_service/__main__.py",
        "gift_cards_service/wiring.py",
    } <= new
    for path in after:
        if path.startswith("services/gift_cards/") and path.endswith(".py"):
            ast.parse(after[path], path)
    assert all(
        b"gift_cards" in after[path] and b"gift_cards" not in before[path]
        for path in FILES_THAT_LIST_SERVICES
    )
    assert not [path for path in outcomes(done) if path.startswith("services/") and "gift_cards" not in path]


@pytest.mark.slow
def test_a_service_can_be_added_after_another(shop: Path) -> None:
    """Two services can be added one after the other, without conflicts."""
    for name in ("reviews", "gift_cards"):
        done = blueprint("add", "service", name, "--json", cwd=shop)
        assert (done.status, set(outcomes(done).values())) == (0, {"created", "updated"})
    architecture = yaml.safe_load((shop / "architecture.yaml").read_text())
    for section in ("services", "contexts"):
        assert list(architecture[section])[-2:] == ["reviews", "gift_cards"]


@pytest.mark.slow
def test_a_line_that_both_sides_changed_is_a_conflict(shop: Path) -> None:
    """A line that both sides changed gives status 8 and both versions; everything else is done."""
    edit(shop, "Makefile", "SERVICES := identity ", "SERVICES := loyalty identity ")
    done = blueprint("add", "service", "reviews", "--json", cwd=shop)
    assert (done.status, outcomes(done)["Makefile"]) == (8, "conflict")
    ours, _, theirs = (shop / "Makefile").read_text().partition("=======")
    assert "SERVICES := loyalty identity " in ours
    assert " reviews\n" in theirs
    assert (shop / "services/reviews/src/shop/reviews_service/main.py").is_file()
