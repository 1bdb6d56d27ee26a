"""`blueprint update`: changes on disk, output, and refusals."""

import os
import shutil
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import TINY
from tests.repositories import commit, git

from .projects import BODY, content, create_project, edit, outcomes, release_version
from .running import Outcome, blueprint

NEWER_BODY = BODY.replace("line 8", "line eight")


@pytest.fixture
def shop(here: Path) -> Path:
    """A project whose pattern has newer versions."""
    return create_project(here)


def update(shop: Path, *arguments: str, **env: str) -> Outcome:
    """Update the project, with JSON output."""
    return blueprint("update", *arguments, "--json", cwd=shop, env=env)


def test_an_update_without_changes_writes_nothing(shop: Path) -> None:
    """An update without changes writes nothing, not even to .blueprint."""
    before = content(shop)
    done = blueprint("update", cwd=shop)
    assert (done.status, done.out) == (0, "shop is up to date: tiny 1.2.3\n")
    assert content(shop) == before


def test_a_newer_pattern_is_merged_with_edits(here: Path, shop: Path) -> None:
    """Edited, unedited and new files are updated; then the project is up to date."""
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    release_version(here, {"files/body.txt": NEWER_BODY, "files/new.txt": "new\n"})
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


def test_a_conflict_is_reported_and_must_be_resolved(here: Path, shop: Path) -> None:
    """A conflict gives status 8 and markers; the next update refuses until it is resolved."""
    edit(shop, "body.txt", "line 8", "mine")
    release_version(here, {"files/body.txt": NEWER_BODY})
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


def test_a_dry_run_gives_the_same_result_and_writes_nothing(here: Path, shop: Path) -> None:
    """A dry run gives the same result except for `written`, and writes nothing."""
    edit(shop, "body.txt", "line 8", "mine")
    release_version(here, {"files/body.txt": NEWER_BODY})
    before = content(shop)
    dry = update(shop, "--dry-run")
    assert content(shop) == before
    real = update(shop)

    assert (dry.status, real.status) == (8, 8)
    assert dry.json | {"written": True} == real.json


def test_a_dry_run_speaks_of_what_it_would_do(here: Path, shop: Path) -> None:
    """For people, a dry run says what would happen, file by file."""
    (here / "tiny/files/logo.bin").unlink()
    release_version(here, {"files/body.txt": NEWER_BODY, "files/new.txt": "new\n"})
    dry = blueprint("update", "--dry-run", cwd=shop)
    assert [line for line in dry.out.splitlines() if line and not line.startswith("  ")] == [
        "Would update shop: tiny 1.2.3 to 1.3.0",
        "Would be created:",
        "Would be updated (you have not edited them):",
        "Would be deleted (removed from the pattern, and you have not edited them):",
    ]


def test_a_component_appears_and_disappears_with_an_answer(shop: Path) -> None:
    """An answer adds and removes the files and the dependent options of a component."""
    gone = update(shop, "--set", "kubernetes=no")
    assert outcomes(gone) == {"deploy/default/app.yaml": "deleted"}
    assert gone.json["dropped_options"] == ["domain"]
    assert not (shop / "deploy").exists()

    back = update(shop, "--set", "kubernetes=yes")
    assert outcomes(back) == {"deploy/default/app.yaml": "created"}
    assert back.json["new_options"] == ["domain"]


def test_other_answers_stay(shop: Path) -> None:
    """An update changes only the answers that are set, in files and records."""
    update(shop, "--set", "replicas=7")
    update(shop, "--set", "database=mysql")
    assert (shop / "README.md").read_text() == "# shop\n\nmysql 7 example/shop:1.2.3\n"
    answers = yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())
    assert (answers["replicas"], answers["database"], answers["pattern"]) == (7, "mysql", "./tiny")


def test_options_come_and_go_with_the_pattern(here: Path, shop: Path) -> None:
    """A new option takes its default, and a dropped option is reported."""
    options = {**TINY["options"], "size": {"type": "integer", "question": "How large?", "default": 3}}
    del options["replicas"]
    release_version(here, {"files/README.md.jinja": "{{ size }}\n"}, options=options)
    done = update(shop)
    assert (done.json["new_options"], done.json["dropped_options"]) == (["size"], ["replicas"])
    assert (shop / "README.md").read_text() == "3\n"


def test_a_choice_that_the_pattern_dropped_takes_the_default(here: Path, shop: Path) -> None:
    """A dropped choice takes the new default; a warning names the choices and --set."""
    database = {
        **TINY["options"]["database"],
        "choices": {"mysql": "MySQL", "sqlite": "SQLite"},
        "default": "sqlite",
    }
    release_version(here, {}, options={**TINY["options"], "database": database})
    dry = blueprint("update", "--dry-run", cwd=shop)
    assert "\n  database: sqlite (was postgresql)\n" in dry.out
    assert (
        "\n  database no longer accepts postgresql, so it is now sqlite. "
        "To choose: --set database=VALUE, with one of mysql, sqlite\n"
    ) in dry.out
    done = update(shop)
    assert (done.status, done.json["rejected_answers"]) == (0, ["database"])
    assert yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())["database"] == "sqlite"
    assert (shop / "README.md").read_text() == "# shop\n\nsqlite 2 example/shop:1.3.0\n"


def test_an_answer_that_is_set_replaces_a_dropped_choice_without_a_warning(here: Path, shop: Path) -> None:
    """--set takes precedence over the default, and an answer out of range is like a dropped choice."""
    database = {**TINY["options"]["database"], "choices": {"mysql": "MySQL", "x": "X"}, "default": "x"}
    replicas = {**TINY["options"]["replicas"], "minimum": 3, "default": 4}
    options = {**TINY["options"], "database": database, "replicas": replicas}
    release_version(here, {}, options=options)
    done = update(shop, "--set", "database=mysql")
    assert (done.status, done.json["rejected_answers"]) == (0, ["replicas"])
    assert (done.json["answers"]["database"], done.json["answers"]["replicas"]) == ("mysql", 4)


def test_a_list_keeps_the_choices_that_still_exist(here: Path) -> None:
    """Of a list, only the dropped choices go: the default could remove everything else."""

    def options(*choices: str) -> dict[str, object]:
        parts = {"type": "list", "question": "Which?", "choices": dict.fromkeys(choices, "x"), "default": []}
        return {**TINY["options"], "parts": parts}

    shop = create_project(here)
    release_version(here, {}, options=options("a", "b", "c"))
    update(shop, "--set", "parts=a,b,c")
    release_version(here, {}, version="1.4.0", options=options("a", "c"))
    done = update(shop)
    assert (done.json["answers"]["parts"], done.json["rejected_answers"]) == (["a", "c"], ["parts"])


def test_secrets_are_never_regenerated(here: Path, shop: Path) -> None:
    """Existing secrets are kept, also in new variables; only the owner can read the file."""
    before = (shop / ".env").read_text()
    template = (
        "PASSWORD={{ secret('database') }}\nURL=x:{{ secret('database') }}@y\nKEY={{ secret('key') }}\n"
    )
    release_version(here, {"files/.env.jinja": template})
    assert outcomes(update(shop))[".env"] == "updated"
    password, url, key = (shop / ".env").read_text().splitlines()
    assert f"{password}\n" == before
    assert url == f"URL=x:{password.removeprefix('PASSWORD=')}@y"
    assert len(key) > 40
    assert (shop / ".env").stat().st_mode & 0o777 == 0o600
    assert outcomes(update(shop)) == {}


def test_an_edited_secret_file_only_gets_missing_variables(here: Path, shop: Path) -> None:
    """In a secret file with edits no line changes; new variables are appended."""
    (shop / ".env").write_text("# mine\n" + (shop / ".env").read_text())
    before = (shop / ".env").read_text()
    release_version(
        here, {"files/.env.jinja": "PASSWORD={{ secret('database') }}\nKEY={{ secret('key') }}\n"}
    )
    assert outcomes(update(shop))[".env"] == "extended"
    after = (shop / ".env").read_text()
    assert after.startswith(before)
    assert len(after) > len(before) + 40


def test_a_secret_file_whose_values_change_with_an_answer(here: Path, shop: Path) -> None:
    """A secret file as it was rendered is updated in place; edited, its outdated variables are named."""
    template = "PASSWORD={{ secret('database') }}\nURL={{ database }}://{{ secret('database') }}\n"
    release_version(here, {"files/.env.jinja": template})
    update(shop)
    password = (shop / ".env").read_text().splitlines()[0]
    done = update(shop, "--set", "database=mysql")
    assert (done.status, outcomes(done)[".env"]) == (0, "updated")
    assert (shop / ".env").read_text() == f"{password}\nURL=mysql://{password.removeprefix('PASSWORD=')}\n"

    (shop / ".env").write_text("PASSWORD=mine\nURL=mysql://mine\n")
    done = update(shop, "--set", "database=postgresql")
    assert done.status == 8
    assert [file["note"] for file in done.json["files"] if file["outcome"] == "kept-secret"] == ["URL"]
    assert (shop / ".env").read_text() == "PASSWORD=mine\nURL=mysql://mine\n"


def test_an_update_works_without_the_files_that_git_ignores(here: Path, shop: Path) -> None:
    """In a fresh clone, ignored files are created again; where one exists, it is not overwritten."""
    template = "PASSWORD={{ secret('database') }}\nURL={{ database }}://{{ secret('database') }}\n"
    ignored = {
        "files/.gitignore": ".env\nlocal.ini\n",
        "files/local.ini.jinja": "name={{ database }}\n\nend\n",
    }
    release_version(here, {"files/.env.jinja": template, **ignored})
    update(shop)
    with tarfile.open(shop / ".blueprint/pristine.tar.gz") as archive:
        assert {".env", "local.ini"}.isdisjoint(archive.getnames())
    assert (shop / ".blueprint/private/pristine.tar.gz").stat().st_mode & 0o777 == 0o600
    commit_visible(shop)
    clone = here / "clone"
    git(here, "clone", "--quiet", str(shop), str(clone))
    assert not (clone / ".blueprint/private").exists()

    (clone / "local.ini").write_text("name=postgresql\n\nend\nmine\n")
    done = update(clone)
    assert (done.status, outcomes(done)) == (0, {".env": "created"})
    assert (clone / "local.ini").read_text() == "name=postgresql\n\nend\nmine\n"
    created = (clone / ".env").read_text()
    done = update(clone, "--set", "database=mysql")
    assert outcomes(done)[".env"] == "updated"
    assert (clone / ".env").read_text() == created.replace("postgresql", "mysql")
    assert (clone / "local.ini").read_text() == "name=mysql\n\nend\nmine\n"
    shutil.rmtree(clone / ".blueprint/private")
    done = update(clone)
    assert done.status == 0, done.out
    assert outcomes(done) == {}
    assert (clone / ".env").read_text() == created.replace("postgresql", "mysql")


def commit_visible(folder: Path) -> None:
    """Commit what git does not ignore, as users do."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")


def test_a_binary_conflict_is_written_beside_the_file(here: Path, shop: Path) -> None:
    """A binary file that both sides changed is written under a free name beside it."""
    (shop / "logo.bin").write_bytes(b"\0mine")
    (shop / "logo.bin.new").write_text("mine, too")
    release_version(here, {"files/logo.bin": b"\0two"})
    done = update(shop)
    assert (done.status, outcomes(done)["logo.bin"]) == (8, "beside")
    assert (shop / "logo.bin").read_bytes() == b"\0mine"
    assert (shop / "logo.bin.new").read_text() == "mine, too"
    assert (shop / "logo.bin.new2").read_bytes() == b"\0two"


def test_modes_are_kept_and_updated(here: Path, shop: Path) -> None:
    """The user's permissions are kept, and executable files of the pattern become executable."""
    (shop / "body.txt").chmod(0o640)
    release_version(here, {"files/body.txt": NEWER_BODY, "files/run.sh": "#!/bin/sh\n"})
    (here / "tiny/files/body.txt").chmod(0o755)
    (here / "tiny/files/run.sh").chmod(0o755)
    update(shop)
    assert (shop / "body.txt").stat().st_mode & 0o777 == 0o750
    assert os.access(shop / "run.sh", os.X_OK)


def test_windows_line_endings_cause_no_conflict(here: Path, shop: Path) -> None:
    """CRLF line endings, as Git writes with autocrlf, cause no conflict."""
    windows = BODY.replace("\n", "\r\n").encode()
    (shop / "body.txt").write_bytes(windows + b"mine\r\n")
    release_version(here, {"files/body.txt": "first\n" + BODY})
    done = update(shop)
    assert (done.status, outcomes(done)["body.txt"]) == (0, "merged")
    assert (shop / "body.txt").read_bytes() == b"first\r\n" + windows + b"mine\r\n"


def test_edits_follow_a_rename(here: Path, shop: Path) -> None:
    """Edits move with a renamed file, and an empty folder is removed."""
    edit(shop, "src/shop/main.py", "print", "# mine\nprint")
    main = "files/src/{{ package }}/main.py"
    text = (here / "tiny" / main).read_text()
    more = "".join(f"# {number}\n" for number in range(5))
    release_version(here, {main: text + more})
    update(shop)
    release_version(here, {main: None, "files/app/start.py": text + more}, version="1.4.0")
    done = update(shop)
    moved = [file for file in done.json["files"] if file["was"]]
    assert [(file["path"], file["was"]) for file in moved] == [("app/start.py", "src/shop/main.py")]
    assert (shop / "app/start.py").read_text() == "# mine\n" + text + more
    assert not (shop / "src/shop/main.py").exists()


def test_a_file_can_become_a_folder(here: Path, shop: Path) -> None:
    """An unedited file can become a folder; an edited one stops the update."""
    (here / "tiny/files/body.txt").unlink()
    release_version(here, {"files/body.txt/inside": "x\n"})
    edit(shop, "body.txt", "line 1\n", "mine\n")
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (5, "target-in-use")

    (shop / "body.txt").write_text(BODY)
    assert update(shop).status == 0
    assert (shop / "body.txt/inside").read_text() == "x\n"


def test_a_link_in_place_of_a_file_is_kept(here: Path, shop: Path) -> None:
    """A symbolic link in place of a file is kept, and no update writes through it."""
    outside = here / "outside"
    outside.write_text("mine\n")
    (shop / "body.txt").unlink()
    (shop / "body.txt").symlink_to(outside)
    release_version(here, {"files/body.txt": NEWER_BODY})
    done = update(shop)
    assert (done.status, outcomes(done)["body.txt"]) == (8, "replaced")
    assert outside.read_text() == "mine\n"


def test_a_downgrade_is_refused(here: Path, shop: Path) -> None:
    """A downgrade is refused unless it is forced."""
    release_version(here, {}, version="1.2.3-rc.1")
    before = content(shop)
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "downgrade")
    assert content(shop) == before
    assert update(shop, "--force").json["pattern"]["to"] == "1.2.3-rc.1"


def test_an_update_works_without_git(here: Path, shop: Path) -> None:
    """Without Git, an update gives the same result."""
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    edit(shop, "README.md", "postgresql", "mine")
    release_version(here, {"files/body.txt": NEWER_BODY})
    other = Path(shutil.copytree(shop, here / "other"))
    without = update(other, PATH="/nowhere")
    with_git = update(shop)
    assert (without.status, with_git.status) == (8, 8)
    assert without.json["files"] == with_git.json["files"]
    assert content(other) == content(shop)


def test_uncommitted_changes_are_reported(here: Path, shop: Path) -> None:
    """Uncommitted changes are reported, but do not stop the update."""
    commit(shop)
    assert update(shop).json["uncommitted_changes"] is False
    edit(shop, "body.txt", "line 1\n", "mine\n")
    release_version(here, {"files/new.txt": "new\n"})
    dry = blueprint("update", "--dry-run", cwd=shop)
    assert dry.out.endswith(
        "\nThe project has uncommitted changes: `git diff` would show them with the update.\n"
    )
    done = blueprint("update", cwd=shop)
    assert done.status == 0
    assert done.out.startswith(
        "Warning: the project has uncommitted changes; `git diff` will show them with the update\n"
    )


def test_a_moved_pattern_must_be_named(here: Path, shop: Path) -> None:
    """A moved pattern is an error until --pattern names its location, which is then recorded."""
    (here / "tiny").rename(here / "patterns")
    refused = update(shop)
    assert (refused.status, refused.json["error"]["code"]) == (4, "unknown-pattern")
    assert update(shop, "--pattern", "../patterns").status == 0
    assert yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())["pattern"] == "./patterns"
    assert update(shop / "src").status == 0


def test_a_different_pattern_is_refused(shop: Path) -> None:
    """An update to a different pattern is refused."""
    refused = update(shop, "--pattern", "monolith")
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")


def test_a_folder_without_a_project_is_refused(here: Path) -> None:
    """A folder without a project is refused."""
    refused = update(here)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
