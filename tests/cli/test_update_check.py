"""`blueprint update --check`, and what the JSON of an update says to repair a file."""

import shutil
from pathlib import Path

import pytest

from tests.patterns_on_disk import tiny, write_pattern

from .projects import BODY, FILES, content, create_project, edit, outcomes, release_version
from .running import Outcome, blueprint

NEWER_BODY = BODY.replace("line 8", "line eight")
CHANGELOG = """# Changelog

## 1.3.0

- Line 8 of `body.txt` is a word.
- The README is shorter.

## 1.2.3

- An old change.
"""


@pytest.fixture
def shop(here: Path) -> Path:
    """A project whose pattern has newer versions."""
    return create_project(here)


def check(shop: Path, *arguments: str) -> Outcome:
    """Check the project, with JSON output."""
    return blueprint("update", "--check", *arguments, "--json", cwd=shop)


def test_a_current_project_passes_the_check(shop: Path) -> None:
    """A project that an update would not change has status 0, before and after an edit."""
    assert (check(shop).status, check(shop).json["state"]) == (0, "current")
    edit(shop, "body.txt", "line 8", "mine")
    assert check(shop).status == 0


def test_a_project_behind_its_pattern_has_status_8(here: Path, shop: Path) -> None:
    """The check of a project behind its pattern says what would change, and writes nothing."""
    release_version(here, {"files/body.txt": NEWER_BODY, "CHANGELOG.md": CHANGELOG})
    before = content(shop)
    checked = check(shop)

    assert (checked.status, checked.json["state"], checked.json["needs_you"]) == (8, "behind", 0)
    (template,) = checked.json["templates"]
    assert (template["pattern"]["from"], template["pattern"]["to"]) == ("1.2.3", "1.3.0")
    assert [entry["text"] for entry in template["changelog"]] == [
        "Line 8 of `body.txt` is a word.",
        "The README is shorter.",
    ]
    assert {"path": "body.txt", "outcome": "updated", "was": None, "note": "", "repair": None} in template[
        "files"
    ]
    assert content(shop) == before
    assert blueprint("update", "--check", cwd=shop).out.startswith("Would update shop: tiny 1.2.3 to 1.3.0\n")
    assert blueprint("update", cwd=shop).status == 0
    assert check(shop).status == 0


def test_a_change_of_the_pattern_without_a_version_counts(here: Path, shop: Path) -> None:
    """A pattern under development is newer if it gives other files."""
    write_pattern(here / "tiny", tiny(), {**FILES, "files/body.txt": NEWER_BODY})
    assert check(shop).json["state"] == "behind"


def test_an_answer_that_differs_counts(shop: Path) -> None:
    """With --set, the check answers for those answers."""
    assert check(shop, "--set", "replicas=7").status == 8


def test_unresolved_conflicts_wait_for_the_user(here: Path, shop: Path) -> None:
    """Conflicts of the last update give status 8 and their files, and a refused update has status 9."""
    edit(shop, "body.txt", "line 8", "mine")
    release_version(here, {"files/body.txt": NEWER_BODY})
    assert check(shop).json["needs_you"] == 1
    assert blueprint("update", cwd=shop).status == 8

    checked = check(shop)
    assert (checked.status, checked.json["state"], checked.json["unresolved"]) == (8, "waiting", ["body.txt"])
    assert "waits for you" in blueprint("update", "--check", cwd=shop).out
    (shop / "body.txt").write_text(BODY.replace("line 8", "mine"))
    assert check(shop).status == 0


def test_a_folder_that_is_no_project_is_an_error(here: Path) -> None:
    """The check of something else is an error, and not `behind`."""
    checked = check(here)
    assert (checked.status, checked.json["error"]["code"]) == (9, "bad-project")


def test_a_conflict_carries_what_its_repair_takes(here: Path, shop: Path) -> None:
    """A conflict carries its three versions, the changelog line for the file, and the proof of its repair."""
    edit(shop, "body.txt", "line 8", "mine")
    release_version(here, {"files/body.txt": NEWER_BODY, "CHANGELOG.md": CHANGELOG})
    done = blueprint("update", "--json", cwd=shop)
    repairs = {file["path"]: file["repair"] for file in done.json["files"] if file["repair"]}

    assert repairs == {
        "body.txt": {
            "base": BODY,
            "yours": BODY.replace("line 8", "mine"),
            "theirs": NEWER_BODY,
            "changelog": [{"version": "1.3.0", "text": "Line 8 of `body.txt` is a word."}],
            "proof": "make test",
        }
    }


def test_a_repair_names_neither_secrets_nor_bytes(here: Path, shop: Path) -> None:
    """A binary file and a secret one need a decision, too, but their contents are not printed."""
    (shop / "logo.bin").write_bytes(b"\0mine")
    edit(shop, ".env", "PASSWORD=", "PASSWORD=mine-")
    release_version(
        here, {"files/logo.bin": b"\0\xfftwo", "files/.env.jinja": "PASSWORD=new {{ secret('database') }}\n"}
    )
    done = blueprint("update", "--json", cwd=shop)
    files = {file["path"]: file for file in done.json["files"] if file["repair"]}

    assert {path: file["outcome"] for path, file in files.items()} == {
        "logo.bin": "beside",
        ".env": "kept-secret",
    }
    assert files[".env"]["repair"]["yours"] is None
    assert files["logo.bin"]["repair"]["theirs"] is None
    assert "mine-" not in done.out


def test_two_updates_give_the_same_bytes(here: Path, shop: Path) -> None:
    """A second update changes no byte, and the update of a copy gives the same bytes, state included."""
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    copy = here / "copies" / "shop"
    for path, data in content(shop).items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(data)
    release_version(here, {"files/body.txt": NEWER_BODY, "files/new.txt": "new\n"})

    assert blueprint("update", cwd=shop).status == 0
    once = content(shop)
    again = blueprint("update", "--json", cwd=shop)
    assert (again.status, again.json["written"], outcomes(again)) == (0, False, {})
    assert content(shop) == once
    (here / "copies" / "tiny").symlink_to(here / "tiny")
    assert blueprint("update", cwd=copy).status == 0
    assert content(copy) == once


def test_an_interrupted_update_waits_for_its_end(shop: Path) -> None:
    """An update that was killed after its commit gives status 8, and the check does not finish it."""
    journal = shop / ".blueprint/update/journal.json"
    journal.parent.mkdir()
    journal.write_text('{"steps": [], "changes": []}')
    checked = check(shop)

    assert (checked.status, checked.json["state"], checked.json["interrupted"]) == (8, "waiting", True)
    assert journal.exists()


def test_a_fresh_clone_is_current(here: Path, shop: Path) -> None:
    """A fresh clone lacks the secret files, which an update would create; it is current all the same."""
    (shop / ".env").unlink()
    shutil.rmtree(shop / ".blueprint/private")
    checked = check(shop)
    assert (checked.status, checked.json["state"]) == (0, "current")
    release_version(here, {"files/body.txt": NEWER_BODY})
    assert check(shop).status == 8
