"""Projects on a file system that ignores case, as on macOS and Windows: no file replaces another one.

On other systems, name a folder on such a file system in BLUEPRINT_IGNORED_CASE; without one, the tests are
skipped. The patterns stay on the usual file system, where their spelling is exact. Some of these file systems
make every file executable, which then counts as an edit.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .projects import BODY, create_project, outcomes, release_version
from .running import Outcome, blueprint
from .test_new_into import code, second


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that ignores case."""
    with TemporaryDirectory(dir=os.environ.get("BLUEPRINT_IGNORED_CASE", tmp_path)) as created:
        probe = Path(created, "Probe")
        probe.touch()
        if not probe.with_name("pROBE").exists():
            pytest.skip("BLUEPRINT_IGNORED_CASE names no folder that ignores case")
        probe.unlink()
        yield Path(created)


def create(here: Path, folder: Path, more: Mapping[str, str]) -> Path:
    """Create the project `shop` in `folder` from the pattern in `here`/tiny, with `more` files."""
    shutil.rmtree(create_project(here, dict(more)))
    done = blueprint("new", "shop", "-p", "./tiny", "--yes", "-o", folder / "shop", cwd=here)
    assert done.status == 0, done.err
    return folder / "shop"


def update_twice(here: Path, shop: Path) -> Outcome:
    """Update the project, and return the outcome; a second update changes nothing."""
    done = blueprint("update", shop, "-p", here / "tiny", "--json", cwd=here)
    assert done.status in (0, 8), done.out
    if done.status == 0:
        again = blueprint("update", shop, "--json", cwd=here)
        assert (outcomes(again), again.json["written"]) == ({}, False)
    return done


@pytest.mark.parametrize("edited", [False, True])
def test_a_file_changes_its_spelling(here: Path, folder: Path, edited: bool) -> None:
    """The new spelling takes the place of the old one, with the user's edits."""
    shop = create(here, folder, {"files/Notes.md": BODY})
    if edited:
        (shop / "Notes.md").write_text(BODY.replace("line 1\n", "mine\n"))
    (here / "tiny/files/Notes.md").unlink()
    release_version(here, {"files/notes.md": BODY.replace("line 8", "line eight")})
    update_twice(here, shop)
    expected = BODY.replace("line 8", "line eight")
    assert (shop / "notes.md").read_text() == (expected.replace("line 1\n", "mine\n") if edited else expected)
    assert [name.lower() for name in os.listdir(shop)].count("notes.md") == 1


def test_a_folder_changes_its_spelling(here: Path, folder: Path) -> None:
    """All files of a folder stay when the pattern spells it in another way."""
    shop = create(here, folder, {"files/Docs/one.md": "one\n", "files/Docs/two.md": BODY})
    (shop / "Docs/two.md").write_text(f"{BODY}mine\n")
    shutil.rmtree(here / "tiny/files/Docs")
    release_version(here, {"files/docs/one.md": "one\n", "files/docs/two.md": BODY})
    update_twice(here, shop)
    assert (shop / "docs/one.md").read_text() == "one\n"
    assert (shop / "docs/two.md").read_text() == f"{BODY}mine\n"


def test_a_new_file_does_not_replace_the_users(here: Path, folder: Path) -> None:
    """A new file of the pattern with the name of the user's file, in another spelling, is in conflict."""
    shop = create(here, folder, {})
    (shop / "PLAN.txt").write_text("mine\n")
    release_version(here, {"files/plan.txt": "theirs\n"})
    assert outcomes(update_twice(here, shop))["plan.txt"] == "conflict"
    merged = (shop / "PLAN.txt").read_text()
    assert "mine\n" in merged
    assert "theirs\n" in merged


def test_the_user_changes_the_spelling(here: Path, folder: Path) -> None:
    """A file that the user spells in another way is still the pattern's file."""
    shop = create(here, folder, {})
    (shop / "body.txt").rename(shop / "Body.txt")
    release_version(here, {"files/body.txt": BODY.replace("line 8", "line eight")})
    assert outcomes(update_twice(here, shop))["body.txt"] in ("updated", "merged")
    assert (shop / "Body.txt").read_text() == BODY.replace("line 8", "line eight")


def test_an_existing_file_in_another_spelling_is_not_overwritten(here: Path, folder: Path) -> None:
    """A new project refuses a folder that has one of its files in another spelling."""
    create(here, folder, {})
    target = folder / "other"
    target.mkdir()
    (target / "BODY.txt").write_text("mine\n")
    refused = blueprint("new", "other", "-p", "./tiny", "--force", "-o", target, "--yes", "--json", cwd=here)
    assert code(refused) == (5, "target-in-use"), refused.out
    assert [name.lower() for name in os.listdir(target)] == ["body.txt"]
    assert (target / "BODY.txt").read_text() == "mine\n"


def test_templates_in_two_spellings_do_not_fit(here: Path, folder: Path) -> None:
    """A template that writes a file of another one in another spelling is refused; removing one is exact."""
    shop = create(here, folder, {})
    second(here / "clash", {"Body.txt": "x\n"}, name="clash")
    second(here / "second", {"Sub/two.txt": "2\n"})
    add = ("new", "--into", shop, "--json", "-p")
    assert blueprint(*add, here / "clash", cwd=here).status == 5
    assert blueprint(*add, here / "second", cwd=here).status == 0
    (shop / "Sub/two.txt").rename(shop / "Sub/TWO.txt")
    done = blueprint("remove", "second", shop, "--json", cwd=here)
    assert outcomes(done)["Sub/two.txt"] in ("deleted", "kept")
    assert (shop / "sub").exists() == (outcomes(done)["Sub/two.txt"] == "kept")
    assert (shop / "body.txt").read_text() == BODY
