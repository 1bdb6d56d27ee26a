"""`blueprint diff` shows the user's edits, or what an update would change."""

from pathlib import Path

import pytest

from .projects import BODY, content, create_project, edit, release_version
from .running import blueprint


@pytest.fixture
def shop(here: Path) -> Path:
    """A project whose pattern has newer versions."""
    return create_project(here)


def test_no_edits_print_nothing(shop: Path) -> None:
    """Without edits nothing is printed, even if the user added files."""
    (shop / "mine.txt").write_text("mine\n")
    assert blueprint("diff", cwd=shop).out == ""


def test_edits_are_shown_as_a_diff(shop: Path) -> None:
    """Edited, deleted and newly executable files are shown."""
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


def test_an_update_can_be_previewed(here: Path, shop: Path) -> None:
    """`diff --update` shows the merged result and writes nothing."""
    edit(shop, "body.txt", "line 1\n", "mine\n")
    release_version(here, {"files/body.txt": BODY + "new\n"}, version="1.2.3")
    before = content(shop)
    shown = blueprint("diff", "--update", "--set", "kubernetes=no", cwd=shop).out
    assert content(shop) == before
    assert "+new\n" in shown
    assert "mine" not in shown
    assert "+++ /dev/null" in shown


def test_no_secret_is_shown(here: Path, shop: Path) -> None:
    """For a secret file, only the fact that it changes is shown."""
    release_version(
        here, {"files/.env.jinja": "PASSWORD=x{{ secret('database') }}\nKEY=hidden\n"}, version="1.2.3"
    )
    shown = blueprint("diff", "--update", cwd=shop).out
    assert shown == ".env: edited, not shown\n"
