"""`blueprint add context` to a monolith, with edits by the user."""

import ast
from pathlib import Path

import pytest

from .projects import content, edit, outcomes
from .running import blueprint

WIRING = "src/shop/app/wiring.py"


@pytest.fixture
def shop(here: Path) -> Path:
    """A monolith."""
    done = blueprint("new", "shop", "-p", "monolith", "--yes", cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


@pytest.mark.slow
def test_an_added_context_is_complete_and_wired(shop: Path) -> None:
    """The context gets tables, a migration, a service, an API and tests; the boundaries list it."""
    before = content(shop)
    done = blueprint("add", "context", "gift-cards", "--json", cwd=shop)
    assert done.status == 0
    after = content(shop)
    new = {path.removeprefix("src/shop/gift_cards/") for path in after.keys() - before.keys()}
    assert new == {
        "__init__.py",
        "api.py",
        "domain.py",
        "migrations/0001_create_note.py",
        "service.py",
        "tables.py",
        "tests/__init__.py",
        "tests/test_notes.py",
    }
    for path in after:
        if path.endswith(".py"):
            ast.parse(after[path], path)
    assert b"| shop.payments | shop.gift_cards\n" in after[".importlinter"]
    assert b"gift_cards_api.router(" in after[WIRING]
    changed = {path for path, outcome in outcomes(done).items() if outcome == "updated"}
    assert changed == {".importlinter", "README.md", "architecture.yaml", WIRING}


@pytest.mark.slow
def test_edits_of_the_wiring_survive_the_next_context(shop: Path) -> None:
    """An edited composition, also of an added context, is merged with that of the next one."""
    assert blueprint("add", "context", "gift_cards", cwd=shop).status == 0
    edit(shop, WIRING, "gift_cards_service.Notes(self.database)", "gift_cards_service.Cards(self.catalog)")
    edit(shop, WIRING, "        self.wallets = ", "        self.gifts = Gifts()\n        self.wallets = ")
    done = blueprint("add", "context", "reviews", "--json", cwd=shop)
    assert (done.status, outcomes(done)[WIRING]) == (0, "merged")
    wiring = (shop / WIRING).read_text()
    assert "gift_cards_service.Cards(self.catalog)" in wiring
    assert "self.gifts = Gifts()" in wiring
    assert "reviews_service.Notes(self.database)" in wiring
    ast.parse(wiring)


@pytest.mark.slow
def test_contexts_have_different_tables(shop: Path) -> None:
    """The embedded database has no schemas, so the tables of two contexts have different names."""
    for name in ("gift_cards", "reviews"):
        assert blueprint("add", "context", name, cwd=shop).status == 0
        tables = (shop / f"src/shop/{name}/tables.py").read_text()
        assert f'"{name}_note"' in tables


@pytest.mark.parametrize("name", ["orders", "chassis", "mysql", "auth"])
def test_names_in_use_are_refused(shop: Path, name: str) -> None:
    """Contexts, libraries, paths and the schemas of database servers cannot be added."""
    before = content(shop)
    done = blueprint("add", "context", name, "--json", cwd=shop)
    assert done.json["error"]["message"] == f"the project already has a context named {name}"
    assert content(shop) == before
