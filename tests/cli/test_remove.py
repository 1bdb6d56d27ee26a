"""`blueprint remove` reverses `blueprint new --into`, and loses no edit."""

import shutil
from pathlib import Path

import pytest

from .projects import BODY, content, create_project, outcomes
from .running import Outcome, blueprint
from .test_new_into import add, code, second
from .test_update_interrupted import killed_anywhere, stop_halfway


@pytest.fixture
def shop(here: Path) -> Path:
    """A project of the templates main and second; both write body.txt, and second one file of each kind."""
    shop = create_project(here)
    files: dict[str, str | bytes] = {
        "body.txt": BODY,
        "second.txt": "second\n",
        "edited.txt": "edited\n",
        "deep/down/only.txt": "only\n",
        "migrations/0001_second.sql": "select 1;\n",
        ".env.second": "TOKEN=second\n",
    }
    second(here / "second", files)
    done = add(shop, "./second")
    assert (done.status, done.json["shared"]) == (0, {"body.txt": "main"}), done.out
    return shop


def remove(shop: Path, *arguments: str) -> Outcome:
    """Remove the template `second`, with JSON output."""
    return blueprint("remove", "second", *arguments, "--json", cwd=shop)


def test_removing_reverses_adding(here: Path) -> None:
    """A template that was added and removed leaves every byte of the project as it was before."""
    shop = create_project(here)
    before = content(shop)
    second(here / "second", {"second.txt": "second\n", "deep/down.txt": "down\n"})
    assert add(shop, "./second").status == 0
    done = remove(shop)
    assert (done.status, done.json["written"], done.json["template"]) == (0, True, "second")
    assert content(shop) == before
    assert not (shop / "deep").exists()
    assert not (shop / ".blueprint/templates").exists()
    assert blueprint("update", "--json", cwd=shop).json["template"] == "main"


def test_edits_shared_files_and_migrations_stay(shop: Path) -> None:
    """A dry run names the outcome of each file, and the command does that: only unedited files go."""
    (shop / "edited.txt").write_text("mine\n")
    before = content(shop)
    preview = remove(shop, "--dry-run")
    assert content(shop) == before
    assert not preview.json["written"]
    done = remove(shop)
    assert done.json == {**preview.json, "written": True}
    assert done.status == 8
    assert outcomes(done) == {
        ".env.second": "deleted",
        "body.txt": "kept-shared",
        "deep/down/only.txt": "deleted",
        "edited.txt": "kept",
        "migrations/0001_second.sql": "kept-migration",
        "second.txt": "deleted",
    }
    kept = {"body.txt", "edited.txt", "migrations/0001_second.sql"}
    assert kept <= content(shop).keys()
    assert [each["name"] for each in blueprint("show", "--json", cwd=shop).json["templates"]] == ["main"]
    assert outcomes(blueprint("update", "--json", cwd=shop)) == {}


def test_the_text_says_what_stays_and_why(shop: Path) -> None:
    """The text output speaks of this template, not of a change in a pattern."""
    (shop / "edited.txt").write_text("mine\n")
    planned = blueprint("remove", "second", "--dry-run", cwd=shop).out
    assert planned.startswith("Would remove second from shop: second 1.2.3\n")
    assert "\nWould be kept, because you edited them:\n  edited.txt\n" in planned
    done = blueprint("remove", "second", "--yes", cwd=shop).out
    assert done.startswith("Removed second from shop: second 1.2.3\n")
    assert "\nDeleted (you had not edited them):\n  .env.second\n" in done
    assert "\nKept, because other templates write them too:\n  body.txt (main)\n" in done


def test_what_cannot_be_removed_is_refused(shop: Path) -> None:
    """The first template, an unknown one and one with unresolved conflicts are refused; nothing changes."""
    before = content(shop)
    assert code(blueprint("remove", "main", "--json", cwd=shop)) == (9, "bad-project")
    unknown = blueprint("remove", "secnd", "--json", cwd=shop)
    assert code(unknown) == (2, "usage")
    assert "did you mean 'second'?" in unknown.json["error"]["message"]
    assert content(shop) == before
    (shop / "second.txt").write_text("<<<<<<< yours\na\n=======\nb\n>>>>>>> theirs\n")
    assert remove(shop).json["error"]["code"] == "unresolved-conflicts"


@pytest.mark.thorough
def test_a_removal_killed_anywhere_is_finished_by_the_same_command(shop: Path) -> None:
    """Killed at any file operation, the second run of the command gives the same files."""
    (shop / "edited.txt").write_text("mine\n")
    *killed, (status, whole) = killed_anywhere(shop, "remove", "second")
    assert status == 8
    assert "edited.txt" in whole
    assert "second.txt" not in whole
    assert len(killed) > 30
    assert [number for number, (_, files) in enumerate(killed) if files != whole] == []
    # A run that was killed after its last step has removed the template, which the second run cannot find.
    assert {status for status, _ in killed} == {8, 2}
    assert [status for status, _ in killed].count(2) < 5


def test_an_interrupted_removal_is_finished_first(here: Path, shop: Path) -> None:
    """Any command that changes the project finishes a removal that was interrupted after its commit."""
    copy = shutil.copytree(shop, here / "copy")
    stop_halfway(copy, "second.txt", ["remove", "second"])
    done = blueprint("update", "--json", cwd=copy)
    assert done.json["resumed"], done.out
    assert remove(shop).json["written"]
    assert content(copy) == content(shop)
