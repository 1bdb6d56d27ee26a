"""Projects on a file system that ignores case, as on macOS and Windows: no file replaces another one.

On other systems, name a folder on such a file system in BLUEPRINT_IGNORED_CASE; without one, the tests are
skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .projects import BODY, create_project, outcomes, release_version
from .running import blueprint
from .test_new_into import add, code, second


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that ignores case."""
    with TemporaryDirectory(dir=os.environ.get("BLUEPRINT_IGNORED_CASE", tmp_path)) as folder:
        probe = Path(folder, "Probe")
        probe.touch()
        if not probe.with_name("pROBE").exists():
            pytest.skip("BLUEPRINT_IGNORED_CASE names no folder that ignores case")
        probe.unlink()
        yield Path(folder)


def update_twice(shop: Path) -> dict[str, str]:
    """Update the project, and return the outcomes; a second update changes nothing."""
    done = blueprint("update", "--json", cwd=shop)
    assert done.status in (0, 8), done.out
    if done.status == 0:
        again = blueprint("update", "--json", cwd=shop)
        assert (outcomes(again), again.json["written"]) == ({}, False)
    return outcomes(done)


@pytest.mark.parametrize("edited", [False, True])
def test_a_file_changes_its_spelling(here: Path, edited: bool) -> None:
    """The new spelling takes the place of the old one, with the user's edits."""
    shop = create_project(here, {"files/Notes.md": BODY})
    if edited:
        (shop / "Notes.md").write_text(BODY.replace("line 1\n", "mine\n"))
    (here / "tiny/files/Notes.md").unlink()
    release_version(here, {"files/notes.md": BODY.replace("line 8", "line eight")})
    update_twice(shop)
    expected = BODY.replace("line 8", "line eight")
    assert (shop / "notes.md").read_text() == (expected.replace("line 1\n", "mine\n") if edited else expected)
    assert [name.lower() for name in os.listdir(shop)].count("notes.md") == 1


def test_a_folder_changes_its_spelling(here: Path) -> None:
    """All files of a folder stay when the pattern spells it in another way."""
    shop = create_project(here, {"files/Docs/one.md": "one\n", "files/Docs/two.md": BODY})
    (shop / "Docs/two.md").write_text(f"{BODY}mine\n")
    for path in (here / "tiny/files/Docs").iterdir():
        path.unlink()
    (here / "tiny/files/Docs").rmdir()
    release_version(here, {"files/docs/one.md": "1\n", "files/docs/two.md": BODY})
    update_twice(shop)
    assert (shop / "docs/one.md").read_text() == "1\n"
    assert (shop / "docs/two.md").read_text() == f"{BODY}mine\n"


def test_a_new_file_does_not_replace_the_users(here: Path) -> None:
    """A new file of the pattern with the name of the user's file, in another spelling, is in conflict."""
    shop = create_project(here)
    (shop / "PLAN.txt").write_text("mine\n")
    release_version(here, {"files/plan.txt": "theirs\n"})
    assert update_twice(shop)["plan.txt"] == "conflict"
    merged = (shop / "PLAN.txt").read_text()
    assert "mine\n" in merged
    assert "theirs\n" in merged


def test_the_user_changes_the_spelling(here: Path) -> None:
    """A file that the user spells in another way is still the pattern's file."""
    shop = create_project(here)
    (shop / "body.txt").rename(shop / "Body.txt")
    release_version(here, {"files/body.txt": BODY.replace("line 8", "line eight")})
    assert update_twice(shop)["body.txt"] == "updated"
    assert (shop / "Body.txt").read_text() == BODY.replace("line 8", "line eight")


def test_an_existing_file_in_another_spelling_is_not_overwritten(here: Path) -> None:
    """A new project refuses a folder that has one of its files in another spelling."""
    create_project(here)
    target = here / "other"
    target.mkdir()
    (target / "BODY.txt").write_text("mine\n")
    refused = blueprint("new", "other", "-p", "./tiny", "--force", "--json", cwd=here)
    assert code(refused) == (5, "target-in-use"), refused.out
    assert os.listdir(target) == ["BODY.txt"] or os.listdir(target) == ["body.txt"]
    assert (target / "BODY.txt").read_text() == "mine\n"


def test_templates_in_two_spellings_do_not_fit(here: Path) -> None:
    """A template that writes a file of another one in another spelling is refused; removing one is exact."""
    shop = create_project(here)
    clash = second(here / "clash", {"Body.txt": "x\n"}, name="clash")
    assert add(shop, clash).status == 5
    assert add(shop, second(here / "second", {"Sub/two.txt": "2\n"})).status == 0
    (shop / "SUB").rename(shop / "sub")
    done = blueprint("remove", "second", "--json", cwd=shop)
    assert outcomes(done) == {"Sub/two.txt": "deleted"}
    assert not (shop / "sub").exists()
    assert (shop / "body.txt").read_text() == BODY
