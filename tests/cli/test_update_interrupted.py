"""An interrupted update loses nothing, and running it again completes it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from .projects import BODY, content, create_project, edit, outcomes, release_version
from .running import blueprint


@pytest.fixture
def shop(here: Path) -> Path:
    """A project and a newer pattern that creates, updates, merges, moves and deletes files; one conflicts.

    A file becomes a folder, a folder a file, a migration a folder, and a name changes its case.
    """
    more = {
        "files/old.txt": "old\n" * 9,
        "files/both.txt": BODY,
        "files/gone.txt": "gone\n",
        "files/conf": "conf\n",
        "files/parts/one/part.txt": "part\n",
        "files/migrations/first": "first\n",
        "files/Notes.md": "notes\n",
    }
    shop = create_project(here, more)
    edit(shop, "old.txt", "old\n", "mine\n")
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    edit(shop, "both.txt", "line 4", "mine")
    (shop / "logo.bin").write_bytes(b"\0mine")
    release_version(
        here,
        {
            "files/body.txt": BODY.replace("line 8", "line eight"),
            "files/both.txt": BODY.replace("line 4", "line four"),
            "files/logo.bin": b"\0two",
            "files/old.txt": None,
            "files/gone.txt": None,
            "files/moved.txt": "old\n" * 9,
            "files/new/new.txt": "new\n",
            "files/Notes.md": None,
            "files/notes.md": "notes\n",
            **swapped(here),
        },
    )
    return shop


def swapped(here: Path) -> dict[str, str]:
    """Delete files whose names become folders, and a folder that becomes a file; return the new files."""
    files = here / "tiny/files"
    (files / "conf").unlink()
    (files / "migrations/first").unlink()
    shutil.rmtree(files / "parts")
    return {
        "files/conf/app.ini": "app\n",
        "files/parts": "parts\n",
        "files/migrations/first/again": "again\n",
    }


def killed_anywhere(shop: Path, *command: str) -> list[tuple[int, dict[str, str]]]:
    """Run a command in copies of `shop`, killed at each file operation and run again, as killing.py says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.killing", str(shop), *command],
        capture_output=True,
        check=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
    )
    return [(status, files) for status, files in json.loads(done.stdout)]


@pytest.mark.thorough
def test_a_killed_update_is_completed_by_the_next(shop: Path) -> None:
    """Killed at any file operation, a second update gives the same files and reports conflicts."""
    *killed, (status, whole) = killed_anywhere(shop, "update")

    assert status == 8
    assert "moved.txt" in whole
    assert "gone.txt" not in whole
    assert {"conf/app.ini", "parts", "migrations/first", "migrations/first.new/again", "notes.md"} <= set(
        whole
    )
    assert len(killed) > 60
    assert [number for number, (_, files) in enumerate(killed) if files != whole] == []
    assert {status for status, _ in killed} == {8, 9}
    assert [status for status, _ in killed].count(9) < 5


def stop_halfway(shop: Path, before: str = "new/new.txt", command: Sequence[str] = ("update",)) -> None:
    """Leave `shop` as a command does that is killed before its step for the path `before`."""
    script = """if True:
        import os, sys
        from blueprint.cli.app import run
        from blueprint.project.apply import journal
        apply_step = journal.apply_step
        def die(*arguments):
            if arguments[2].path == sys.argv[1]:
                os._exit(1)
            return apply_step(*arguments)
        journal.apply_step = die
        run(sys.argv[2:])
    """
    done = subprocess.run(
        [sys.executable, "-c", script, before, *command], cwd=shop, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert (shop / ".blueprint/update/journal.json").is_file()


def test_the_next_update_reports_the_whole_result(shop: Path) -> None:
    """The next update finishes the rest, and reports also what was done before the kill."""
    stop_halfway(shop)
    done = blueprint("update", "--json", cwd=shop)
    assert done.json["resumed"] is True
    assert outcomes(done) == {
        "README.md": "updated",
        "body.txt": "merged",
        "both.txt": "conflict",
        "conf": "deleted",
        "conf/app.ini": "created",
        "gone.txt": "deleted",
        "logo.bin": "beside",
        "migrations/first": "kept-migration",
        "migrations/first/again": "beside",
        "moved.txt": "merged",
        "Notes.md": "deleted",
        "notes.md": "created",
        "parts": "created",
        "parts/one/part.txt": "deleted",
        "new/new.txt": "created",
        "src/shop/version.py": "updated",
    }
    assert not (shop / ".blueprint/update").exists()


def test_what_blocks_a_path_after_the_kill_is_kept(shop: Path) -> None:
    """A file or a folder that appears in the way after the kill is kept, and the update still ends."""
    stop_halfway(shop)
    (shop / "new").write_text("mine\n")
    (shop / "parts").unlink(missing_ok=True)
    (shop / "parts").mkdir()
    (shop / "parts/mine").write_text("mine\n")
    done = blueprint("update", "--json", cwd=shop)
    notes = {file["path"]: file["note"] for file in done.json["files"] if file["outcome"] == "beside"}
    assert (done.status, notes["new/new.txt"]) == (8, "new.new/new.txt")
    assert (shop / "new").read_text() == (shop / "parts/mine").read_text() == "mine\n"
    assert (shop / "new.new/new.txt").read_text() == "new\n"
    assert not (shop / ".blueprint/update").exists()


def test_edits_after_the_kill_are_kept(shop: Path) -> None:
    """Files that were edited after the kill are kept, whether to be written, created or deleted."""
    stop_halfway(shop, "gone.txt")
    (shop / "new").mkdir(exist_ok=True)
    (shop / "new/new.txt").write_text("mine, too\n")
    (shop / "gone.txt").write_text("mine, too\n")
    (shop / "src/shop/version.py").write_text("mine, too\n")
    done = blueprint("update", "--json", cwd=shop)

    found = outcomes(done)
    assert (found["new/new.txt"], found["gone.txt"], found["src/shop/version.py"]) == ("beside",) * 3
    assert (shop / "new/new.txt").read_text() == "mine, too\n"
    assert (shop / "new/new.txt.new").read_text() == "new\n"
    assert (shop / "gone.txt").read_text() == "mine, too\n"
    assert (shop / "src/shop/version.py").read_text() == "mine, too\n"
    assert "1.3.0" in (shop / "src/shop/version.py.new").read_text()


def test_a_dry_run_and_a_diff_refuse_an_interrupted_update(shop: Path) -> None:
    """A dry run and a diff refuse: they write nothing, so they cannot finish the update."""
    stop_halfway(shop)
    before = content(shop)
    for arguments in (["update", "--dry-run"], ["diff", "--update"]):
        refused = blueprint(*arguments, "--json", cwd=shop)
        assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert content(shop) == before


@pytest.mark.parametrize(
    "path",
    [
        "../outside",
        ".git/config",
        "/etc/outside",
        ".blueprint/../../outside",
        ".blueprint/templates/../../../outside",
        ".blueprint/templates/../answers.yaml",
        ".blueprint/templates/second/outside",
    ],
)
def test_a_journal_that_leaves_the_project_is_refused(here: Path, shop: Path, path: str) -> None:
    """A journal with a path outside the project is refused: a project may be hostile."""
    step = {"path": path, "before": None, "after": "x", "staged": "00000"}
    staging = shop / ".blueprint/update"
    staging.mkdir()
    (staging / "00000").write_text("evil\n")
    (staging / "journal.json").write_text(json.dumps({"steps": [step], "changes": []}))
    refused = blueprint("update", "--json", cwd=shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert not (here / "outside").exists()


def test_concurrent_updates_are_refused(shop: Path) -> None:
    """Of two concurrent updates, the second is refused until the first has finished."""
    script = """if True:
        import sys
        from pathlib import Path
        from blueprint.project.apply.journal import update_lock
        with update_lock(Path.cwd()):
            print("locked", flush=True)
            sys.stdin.read()
    """
    holder = subprocess.Popen(
        [sys.executable, "-c", script], cwd=shop, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    refused = blueprint("update", "--json", cwd=shop)
    holder.communicate(timeout=60)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert blueprint("update", "--json", cwd=shop).status == 8
