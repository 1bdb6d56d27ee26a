"""`blueprint update` as a user runs it: what it does on disk, what it says, and what it refuses."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import TINY

from .projects import BODY, content, edit, move_on, outcomes, start
from .running import Outcome, blueprint

NEWER_BODY = BODY.replace("line 8", "line eight")


@pytest.fixture
def shop(here: Path) -> Path:
    """A project made from a pattern that can move on."""
    return start(here)


def update(shop: Path, *arguments: str, **env: str) -> Outcome:
    """Update the project, for programs."""
    return blueprint("update", *arguments, "--json", cwd=shop, env=env)


def test_nothing_new_changes_nothing(shop: Path) -> None:
    """Not even blueprint's own files."""
    before = content(shop)
    done = blueprint("update", cwd=shop)
    assert (done.status, done.out) == (0, "shop is up to date: tiny 1.2.3\n")
    assert content(shop) == before


def test_a_newer_pattern_is_merged_with_edits(here: Path, shop: Path) -> None:
    """Edited, unedited and new files; then the project is up to date."""
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    move_on(here, {"files/body.txt": NEWER_BODY, "files/new.txt": "new\n"})
    done = update(shop)

    assert done.status == 0
    assert outcomes(done) == {
        "README.md": "updated",
        "body.txt": "merged",
        "new.txt": "created",
        "src/shop/version.py": "updated",
    }
    assert (shop / "body.txt").read_text() == NEWER_BODY.replace("line 1\n", "line 1\nmine\n")
    assert done.json["pattern"] == {"name": "tiny", "from": "1.2.3", "to": "1.3.0"}
    assert yaml.safe_load((shop / ".blueprint/source.yaml").read_text())["version"] == "1.3.0"
    assert outcomes(update(shop)) == {}


def test_a_conflict_has_a_status_a_list_and_markers(here: Path, shop: Path) -> None:
    """And the next update refuses until somebody has decided."""
    edit(shop, "body.txt", "line 8", "mine")
    move_on(here, {"files/body.txt": NEWER_BODY})
    done = blueprint("update", cwd=shop)

    assert done.status == 8
    assert "In conflict; resolve the sections between <<<<<<< and >>>>>>>:\n  body.txt\n" in done.out
    assert (
        "<<<<<<< yours\nmine\n||||||| before\nline 8\n=======\nline eight\n>>>>>>> tiny 1.3.0\n"
        in (shop / "body.txt").read_text()
    )

    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "unresolved-conflicts")
    (shop / "body.txt").write_text(BODY.replace("line 8", "mine"))
    assert update(shop).status == 0


def test_a_dry_run_says_the_same_and_writes_nothing(here: Path, shop: Path) -> None:
    """Except that nothing is written."""
    edit(shop, "body.txt", "line 8", "mine")
    move_on(here, {"files/body.txt": NEWER_BODY})
    before = content(shop)
    dry = update(shop, "--dry-run")
    assert content(shop) == before
    real = update(shop)

    assert (dry.status, real.status) == (8, 8)
    assert dry.json | {"written": True} == real.json


def test_a_component_appears_and_disappears_with_an_answer(shop: Path) -> None:
    """Files, and the options that hang on the answer."""
    gone = update(shop, "--set", "kubernetes=no")
    assert outcomes(gone) == {"deploy/default/app.yaml": "deleted"}
    assert gone.json["dropped_options"] == ["domain"]
    assert not (shop / "deploy").exists()

    back = update(shop, "--set", "kubernetes=yes")
    assert outcomes(back) == {"deploy/default/app.yaml": "created"}
    assert back.json["new_options"] == ["domain"]


def test_other_answers_stay(shop: Path) -> None:
    """Only what is set changes, in the files and in what is remembered."""
    update(shop, "--set", "replicas=7")
    update(shop, "--set", "database=mysql")
    assert (shop / "README.md").read_text() == "# shop\n\nmysql 7 example/shop:1.2.3\n"
    answers = yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())
    assert (answers["replicas"], answers["database"], answers["pattern"]) == (7, "mysql", "./tiny")


def test_options_come_and_go_with_the_pattern(here: Path, shop: Path) -> None:
    """A new one takes its default, one that is no more is reported."""
    options = {**TINY["options"], "size": {"type": "integer", "question": "How large?", "default": 3}}
    del options["replicas"]
    move_on(here, {"files/README.md.jinja": "{{ size }}\n"}, options=options)
    done = update(shop)
    assert (done.json["new_options"], done.json["dropped_options"]) == (["size"], ["replicas"])
    assert (shop / "README.md").read_text() == "3\n"


def test_an_answer_that_is_no_more_possible_is_an_error(here: Path, shop: Path) -> None:
    """It can be set to another."""
    database = {**TINY["options"]["database"], "choices": {"mysql": "MySQL"}, "default": "mysql"}
    move_on(here, {}, options={**TINY["options"], "database": database})
    before = content(shop)
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (3, "bad-answers")
    assert content(shop) == before
    assert update(shop, "--set", "database=mysql").status == 0


def test_secrets_are_never_made_anew(here: Path, shop: Path) -> None:
    """What a newer pattern needs besides is added, and the file stays its owner's."""
    before = (shop / ".env").read_text()
    template = "PASSWORD={{ secret('database') }}\nKEY={{ secret('key') }}\n"
    move_on(here, {"files/.env.jinja": template})
    assert outcomes(update(shop))[".env"] == "extended"
    after = (shop / ".env").read_text()
    assert after.startswith(before)
    assert len(after) > len(before) + 40
    assert (shop / ".env").stat().st_mode & 0o777 == 0o600


def test_a_secret_file_whose_values_change_with_an_answer_is_reported(here: Path, shop: Path) -> None:
    """Only the user may change it; only the name of the variable is said."""
    template = "PASSWORD={{ secret('database') }}\nURL={{ database }}://{{ secret('database') }}\n"
    move_on(here, {"files/.env.jinja": template})
    update(shop)
    before = (shop / ".env").read_bytes()
    done = update(shop, "--set", "database=mysql")

    assert done.status == 8
    assert [file["note"] for file in done.json["files"] if file["outcome"] == "kept-secret"] == ["URL"]
    assert (shop / ".env").read_bytes() == before


def test_a_binary_file_of_both_stands_beside(here: Path, shop: Path) -> None:
    """Under a name that is free, and it needs somebody."""
    (shop / "logo.bin").write_bytes(b"\0mine")
    (shop / "logo.bin.new").write_text("mine, too")
    move_on(here, {"files/logo.bin": b"\0two"})
    done = update(shop)
    assert (done.status, outcomes(done)["logo.bin"]) == (8, "beside")
    assert (shop / "logo.bin").read_bytes() == b"\0mine"
    assert (shop / "logo.bin.new").read_text() == "mine, too"
    assert (shop / "logo.bin.new2").read_bytes() == b"\0two"


def test_modes_are_kept_and_updated(here: Path, shop: Path) -> None:
    """What the user closed stays closed; what the pattern makes executable can be executed."""
    (shop / "body.txt").chmod(0o640)
    move_on(here, {"files/body.txt": NEWER_BODY, "files/run.sh": "#!/bin/sh\n"})
    (here / "tiny/files/body.txt").chmod(0o755)
    (here / "tiny/files/run.sh").chmod(0o755)
    update(shop)
    assert (shop / "body.txt").stat().st_mode & 0o777 == 0o750
    assert os.access(shop / "run.sh", os.X_OK)


def test_a_checkout_with_windows_line_ends_does_not_conflict(here: Path, shop: Path) -> None:
    """As git makes one with autocrlf."""
    windows = BODY.replace("\n", "\r\n").encode()
    (shop / "body.txt").write_bytes(windows + b"mine\r\n")
    move_on(here, {"files/body.txt": "first\n" + BODY})
    done = update(shop)
    assert (done.status, outcomes(done)["body.txt"]) == (0, "merged")
    assert (shop / "body.txt").read_bytes() == b"first\r\n" + windows + b"mine\r\n"


def test_edits_follow_a_rename(here: Path, shop: Path) -> None:
    """And the empty folder goes."""
    edit(shop, "src/shop/main.py", "print", "# mine\nprint")
    main = "files/src/{{ package }}/main.py"
    text = (here / "tiny" / main).read_text()
    more = "".join(f"# {number}\n" for number in range(5))
    move_on(here, {main: text + more})
    update(shop)
    move_on(here, {main: None, "files/app/start.py": text + more}, version="1.4.0")
    done = update(shop)
    moved = [file for file in done.json["files"] if file["was"]]
    assert [(file["path"], file["was"]) for file in moved] == [("app/start.py", "src/shop/main.py")]
    assert (shop / "app/start.py").read_text() == "# mine\n" + text + more
    assert not (shop / "src/shop/main.py").exists()


def test_a_file_can_become_a_folder(here: Path, shop: Path) -> None:
    """If nobody edited it; otherwise it is in the way, and nothing happens."""
    (here / "tiny/files/body.txt").unlink()
    move_on(here, {"files/body.txt/inside": "x\n"})
    edit(shop, "body.txt", "line 1\n", "mine\n")
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (5, "target-in-use")

    (shop / "body.txt").write_text(BODY)
    assert update(shop).status == 0
    assert (shop / "body.txt/inside").read_text() == "x\n"


def test_what_the_user_put_in_place_of_a_file_is_left_alone(here: Path, shop: Path) -> None:
    """A link especially: an update writes through none."""
    outside = here / "outside"
    outside.write_text("mine\n")
    (shop / "body.txt").unlink()
    (shop / "body.txt").symlink_to(outside)
    move_on(here, {"files/body.txt": NEWER_BODY})
    done = update(shop)
    assert (done.status, outcomes(done)["body.txt"]) == (8, "replaced")
    assert outside.read_text() == "mine\n"


def test_a_downgrade_is_refused(here: Path, shop: Path) -> None:
    """Unless it is forced."""
    move_on(here, {}, version="1.2.3-rc.1")
    before = content(shop)
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "downgrade")
    assert content(shop) == before
    assert update(shop, "--force").json["pattern"]["to"] == "1.2.3-rc.1"


def test_it_works_without_git(here: Path, shop: Path) -> None:
    """With the same result."""
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    edit(shop, "README.md", "postgresql", "mine")
    move_on(here, {"files/body.txt": NEWER_BODY})
    other = Path(shutil.copytree(shop, here / "other"))
    without = update(other, PATH="/nowhere")
    with_git = update(shop)
    assert (without.status, with_git.status) == (8, 8)
    assert without.json["files"] == with_git.json["files"]
    assert content(other) == content(shop)


def test_uncommitted_changes_are_said_and_no_obstacle(here: Path, shop: Path) -> None:
    """Nothing is lost either way; only the diff will show both."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], cwd=shop, check=True)
    assert update(shop).json["uncommitted_changes"] is False
    edit(shop, "body.txt", "line 1\n", "mine\n")
    move_on(here, {"files/new.txt": "new\n"})
    done = blueprint("update", cwd=shop)
    assert done.status == 0
    assert "uncommitted changes" in done.out


def test_a_pattern_that_moved_is_an_error_until_it_is_found(here: Path, shop: Path) -> None:
    """And its new place is remembered as seen from beside the project."""
    (here / "tiny").rename(here / "patterns")
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (4, "unknown-pattern")
    assert update(shop, "--pattern", "../patterns").status == 0
    assert yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())["pattern"] == "./patterns"
    assert update(shop / "src").status == 0


def test_another_pattern_is_refused(shop: Path) -> None:
    """An update is no migration."""
    refused = update(shop, "--pattern", "monolith")
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")


def test_no_project_is_refused(here: Path) -> None:
    """With what a project looks like."""
    refused = update(here)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
