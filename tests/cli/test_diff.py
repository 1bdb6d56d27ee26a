"""`blueprint diff`: the user's edits, or what an update would do."""

from pathlib import Path

import pytest

from .projects import BODY, content, edit, move_on, start
from .running import blueprint


@pytest.fixture
def shop(here: Path) -> Path:
    """A project made from a pattern that can move on."""
    return start(here)


def test_no_edits_are_nothing(shop: Path) -> None:
    """Neither are the files that the user added."""
    (shop / "mine.txt").write_text("mine\n")
    assert blueprint("diff", cwd=shop).out == ""


def test_edits_are_shown_as_a_diff(shop: Path) -> None:
    """Edited, deleted and made executable."""
    edit(shop, "body.txt", "line 8\n", "mine\n")
    (shop / "logo.bin").unlink()
    (shop / ".gitignore").chmod(0o755)
    done = blueprint("diff", cwd=shop)
    assert done.status == 0
    assert done.out == (
        ".gitignore: now executable\n"
        "--- a/body.txt\n+++ b/body.txt\n@@ -6,4 +6,4 @@\n"
        " line 5\n line 6\n line 7\n-line 8\n+mine\n"
        "logo.bin: binary file\n"
    )
    kinds = {file["path"]: file["kind"] for file in blueprint("diff", "--json", cwd=shop).json["files"]}
    assert kinds == {".gitignore": "edited", "body.txt": "edited", "logo.bin": "deleted"}


def test_an_update_is_shown_before_it_is_made(here: Path, shop: Path) -> None:
    """Merged with the edits; nothing is written."""
    edit(shop, "body.txt", "line 1\n", "mine\n")
    move_on(here, {"files/body.txt": BODY + "new\n"}, version="1.2.3")
    before = content(shop)
    shown = blueprint("diff", "--update", "--set", "kubernetes=no", cwd=shop).out
    assert content(shop) == before
    assert "+new\n" in shown
    assert "mine" not in shown
    assert "+++ /dev/null" in shown


def test_no_secret_is_shown(here: Path, shop: Path) -> None:
    """Only that its file would change."""
    move_on(here, {"files/.env.jinja": "PASSWORD=x{{ secret('database') }}\nKEY=hidden\n"}, version="1.2.3")
    shown = blueprint("diff", "--update", cwd=shop).out
    assert shown == ".env: edited, not shown\n"
