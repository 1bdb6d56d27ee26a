"""`blueprint add service` to real services gives what `new` would have given."""

from pathlib import Path

import pytest

from .projects import content, edit, outcomes
from .running import blueprint


def create_shop(folder: Path, *arguments: str) -> Path:
    """Create a shop in `folder`."""
    folder.mkdir(exist_ok=True)
    done = blueprint("new", "shop", "-p", "microservices", "--yes", *arguments, cwd=folder)
    assert done.status == 0, done.err
    return folder / "shop"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stack", "path"),
    [
        ("python", "src/shop/gift_cards_service/__main__.py"),
        ("spring", "src/main/java/com/example/shop/gift_cards/GiftCardsService.java"),
    ],
)
def test_an_added_service_equals_a_generated_one(stack: str, path: str, here: Path, tmp_path: Path) -> None:
    """A project with an added service equals one created with it, except for secrets."""
    answers = ("--stack", stack)
    shop = create_shop(here, *answers)
    assert blueprint("add", "service", "gift-cards", cwd=shop).status == 0
    added = content(shop)
    fresh = content(create_shop(tmp_path / "fresh", *answers, "--set", "extra_services=gift_cards"))
    assert added.keys() == fresh.keys()
    secret = {name for name in fresh if (shop / name).stat().st_mode & 0o777 == 0o600}
    assert {name for name in fresh if added[name] != fresh[name]} <= secret
    assert f"services/gift_cards/{path}" in added


@pytest.mark.slow
def test_edits_are_kept_when_a_service_is_added(here: Path) -> None:
    """Edits of files that list all services, and of another service, are kept without conflicts."""
    shop = create_shop(here)
    edit(shop, "Makefile", "\n", "\n# Ours.\n")
    edit(shop, "services/orders/src/shop/orders/service.py", '"""', '"""Ours. ')
    done = blueprint("add", "service", "gift_cards", "--json", cwd=shop)
    found = outcomes(done)
    assert (done.status, found["Makefile"]) == (0, "merged")
    assert "services/orders/src/shop/orders/service.py" not in found
    assert "# Ours.\n" in (shop / "Makefile").read_text()


def test_names_of_built_in_packages_are_refused(here: Path) -> None:
    """The names of built-in services and workspace packages are refused."""
    shop = create_shop(here)
    for name in ("orders", "notifications", "chassis"):
        refused = blueprint("add", "service", name, "--json", cwd=shop)
        assert (refused.status, refused.json["error"]["code"]) == (3, "bad-answers")
