"""`blueprint add service` to the real microservices: what comes is what `new` would have given."""

from pathlib import Path

from .projects import content, edit, outcomes
from .running import blueprint


def made(folder: Path, *arguments: str) -> Path:
    """A shop in `folder`."""
    folder.mkdir(exist_ok=True)
    done = blueprint("new", "shop", "-p", "microservices", "--yes", *arguments, cwd=folder)
    assert done.status == 0, done.err
    return folder / "shop"


def test_a_service_that_is_added_is_as_if_it_had_been_there(here: Path, tmp_path: Path) -> None:
    """Byte by byte, but for secrets."""
    shop = made(here)
    assert blueprint("add", "service", "gift-cards", cwd=shop).status == 0
    added = content(shop)
    fresh = content(made(tmp_path / "fresh", "--set", "extra_services=gift_cards"))
    assert added.keys() == fresh.keys()
    secret = {path for path in fresh if (shop / path).stat().st_mode & 0o777 == 0o600}
    assert {path for path in fresh if added[path] != fresh[path]} <= secret
    assert "services/gift_cards/src/shop/gift_cards_service/__main__.py" in added


def test_a_service_is_added_beside_edits(here: Path) -> None:
    """To files that name all services, and to a service; nobody's line is lost, nothing is left to decide."""
    shop = made(here)
    edit(shop, "Makefile", "\n", "\n# Ours.\n")
    edit(shop, "services/orders/src/shop/orders/service.py", '"""', '"""Ours. ')
    done = blueprint("add", "service", "gift_cards", "--json", cwd=shop)
    found = outcomes(done)
    assert (done.status, found["Makefile"]) == (0, "merged")
    assert "services/orders/src/shop/orders/service.py" not in found
    assert "# Ours.\n" in (shop / "Makefile").read_text()


def test_the_services_that_are_there_cannot_be_added(here: Path) -> None:
    """Nor what would be a part of the workspace."""
    shop = made(here)
    for name in ("orders", "notifications", "chassis"):
        refused = blueprint("add", "service", name, "--json", cwd=shop)
        assert (refused.status, refused.json["error"]["code"]) == (3, "bad-answers")
