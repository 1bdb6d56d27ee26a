"""`blueprint add service` in a microservices shop: the result equals a new shop with that service."""

from pathlib import Path

from .projects import content, edit, outcomes
from .running import blueprint


def generate(folder: Path, *arguments: str) -> Path:
    """Generate a shop in `folder`."""
    folder.mkdir(exist_ok=True)
    done = blueprint("new", "shop", "-p", "microservices", "--yes", *arguments, cwd=folder)
    assert done.status == 0, done.err
    return folder / "shop"


def test_an_added_service_equals_one_from_the_start(here: Path, tmp_path: Path) -> None:
    """After `add`, all files equal those of a new shop with the service, except for secrets."""
    shop = generate(here)
    assert blueprint("add", "service", "gift-cards", cwd=shop).status == 0
    added = content(shop)
    fresh = content(generate(tmp_path / "fresh", "--set", "extra_services=gift_cards"))
    assert added.keys() == fresh.keys()
    secret = {path for path in fresh if (shop / path).stat().st_mode & 0o777 == 0o600}
    assert {path for path in fresh if added[path] != fresh[path]} <= secret
    assert "services/gift_cards/src/shop/gift_cards_service/__main__.py" in added


def test_a_service_is_added_beside_edits(here: Path) -> None:
    """`add` merges edits in shared files without a conflict and does not touch edited services."""
    shop = generate(here)
    edit(shop, "Makefile", "\n", "\n# Ours.\n")
    edit(shop, "services/orders/src/shop/orders/service.py", '"""', '"""Ours. ')
    done = blueprint("add", "service", "gift_cards", "--json", cwd=shop)
    found = outcomes(done)
    assert (done.status, found["Makefile"]) == (0, "merged")
    assert "services/orders/src/shop/orders/service.py" not in found
    assert "# Ours.\n" in (shop / "Makefile").read_text()


def test_an_existing_service_cannot_be_added(here: Path) -> None:
    """The names of built-in services and of other parts of the workspace are refused."""
    shop = generate(here)
    for name in ("orders", "notifications", "chassis"):
        refused = blueprint("add", "service", name, "--json", cwd=shop)
        assert (refused.status, refused.json["error"]["code"]) == (3, "bad-answers")
