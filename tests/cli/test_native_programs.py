"""Native patterns run tasks and migrations if they are trusted, and show messages and briefs."""

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.patterns_on_disk import tiny, write_files, write_pattern
from tests.repositories import commit

from .projects import content, outcomes
from .running import COMMAND, Outcome, blueprint

SIZE = {"size": {"type": "string", "question": "Which size?", "default": "small"}}
LOCK = """\
import json, os
context = json.load(open(os.environ["BLUEPRINT_CONTEXT"], encoding="utf-8"))
open("size.lock", "w").write(f"{context['project']} {context['options']['size']}\\n")
"""
RENAME = "mv settings.ini settings.cfg\n"
MESSAGES = {
    "before_new": "{{ project }} needs 1 GB.",
    "after_new": "Made {{ size }}.",
    "before_update": "{{ pattern.version }} renames the settings.",
    "after_update": "Read README.md about {{ size }}.",
}


def write(folder: Path, files: dict[str, str] | None = None, **changes: Any) -> Path:
    """Write a pattern with one option, a file of settings, and `changes` to its pattern.yaml."""
    plain = tiny(options=SIZE, values={}, layers=[{"from": "files", "to": "."}], look=[])
    default = {"files/settings.ini": "size = 1\n\n\nname = x\n", "files/README.md.jinja": "{{ size }}\n"}
    return write_pattern(folder, {**plain, **changes}, {**default, **(files or {})})


def digest(source: Path | str, here: Path) -> str:
    """Return the digest of the code and everything else in a pattern."""
    return str(blueprint("pattern", "show", source, "--json", cwd=here).json["origin"]["digest"])


def new(source: Path | str, here: Path, *arguments: str) -> Outcome:
    """Create the project `shop` from a pattern that is trusted."""
    trust = digest(source, here)
    return blueprint("new", "shop", "-p", source, "--yes", "--trust", trust, *arguments, cwd=here)


def update(source: Path | str, shop: Path, *arguments: str) -> Outcome:
    """Update `shop` to a pattern that is trusted."""
    return blueprint("update", "--trust", digest(source, shop), *arguments, cwd=shop)


def test_tasks_run_on_the_rendered_files_and_their_files_belong_to_the_project(
    tmp_path: Path, here: Path
) -> None:
    """A trusted task gets the answers as data, and what it writes is part of the project and its base."""
    tasks = [
        {"script": "tasks/lock.py"},
        {"run": "chmod +x run.sh && echo never > never.txt", "when": "size == 'huge'"},
        {"run": "rm settings.ini"},
    ]
    pattern = write(tmp_path / "tiny", {"tasks/lock.py": LOCK}, tasks=tasks)
    done = new(pattern, here, "--set", "size=$(touch hacked)", "--json")
    assert done.status == 0, done.err
    files = content(here / "shop")
    assert files["size.lock"] == b"shop $(touch hacked)\n"
    assert not {"hacked", "never.txt", "settings.ini", "tasks/lock.py"} & files.keys()
    assert blueprint("diff", "--json", cwd=here / "shop").json["files"] == []
    assert update(pattern, here / "shop", "--check").status == 0


@pytest.mark.parametrize("flags", [[], ["--dry-run"], ["--trust", "0" * 64]])
def test_an_untrusted_task_does_not_run(tmp_path: Path, here: Path, flags: list[str]) -> None:
    """Without trust the command fails, names the task, and leaves nothing behind."""
    pattern = write(tmp_path / "tiny", tasks=[{"run": shlex.join(["touch", str(tmp_path / "ran")])}])
    refused = blueprint("new", "shop", "-p", pattern, "--yes", *flags, cwd=here)
    assert refused.status == 11
    assert "that you have not trusted: task" in refused.err
    assert not (tmp_path / "ran").exists()
    assert [*here.iterdir()] == []


def test_what_runs_is_what_was_shown(tmp_path: Path, here: Path) -> None:
    """A script that changes between the question and the answer runs as it was shown."""
    pattern = write(tmp_path / "tiny", {"task.sh": "echo shown > ran.txt\n"}, tasks=[{"script": "task.sh"}])
    home = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    arguments = [*COMMAND[1:], "new", "shop", "-p", str(pattern), "--set", "size=x"]
    session = pexpect.spawn(COMMAND[0], arguments, cwd=here, encoding="utf-8", env={**os.environ, **home})
    session.expect_exact("| echo shown > ran.txt")
    session.expect_exact("Do you trust exactly this code")
    (pattern / "task.sh").write_text("echo other > ran.txt\n")
    for answer in ("yes", "yes"):
        session.expect_exact("> ")
        session.sendline(answer)
    session.expect(pexpect.EOF)
    assert (here / "shop/ran.txt").read_text() == "shown\n"
    refused = blueprint("new", "other", "-p", pattern, "--yes", cwd=here, env=home)
    assert refused.status == 11, "another script is trusted only after another answer"


def test_a_task_that_fails_leaves_nothing_behind(tmp_path: Path, here: Path) -> None:
    """If a task fails, the project is not created, and the message names the command and its status."""
    pattern = write(tmp_path / "tiny", tasks=[{"run": "touch half"}, {"run": "exit 3"}])
    failed = new(pattern, here)
    assert failed.status == 4
    assert "the task 'exit 3' failed with exit status 3" in failed.err
    assert [*here.iterdir()] == []


def test_a_task_keeps_secrets_private(tmp_path: Path, here: Path) -> None:
    """A file to which a task copies a random secret is as private as the file with the secret."""
    files = {"files/.env.jinja": "KEY={{ secret('key') }}\n", "files/.gitignore": ".env\ncopy.txt\n"}
    pattern = write(tmp_path / "tiny", files, tasks=[{"run": "cp .env copy.txt"}])
    done = new(pattern, here, "--json")
    assert {file["path"] for file in done.json["files"] if file["secret"]} >= {".env", "copy.txt"}
    assert (here / "shop/copy.txt").stat().st_mode & 0o077 == 0


def test_migrations_run_in_order_between_two_versions(tmp_path: Path, here: Path) -> None:
    """Scripts of newer versions run on the project's files, and the user's edits follow a renamed file."""
    pattern = write(tmp_path / "tiny", version="1.0.0")
    assert blueprint("new", "shop", "-p", pattern, "--yes", cwd=here).status == 0
    shop = here / "shop"
    (shop / "settings.ini").write_text("size = 1\n\n\nname = x\nmine = 2\n")
    migrations = [
        {"version": "2.0.0", "script": "2.sh"},
        {"version": "1.1.0", "script": "1.1.sh", "stage": "before", "brief": "1.1.md"},
        {"version": "1.0.0", "script": "1.sh"},
    ]
    scripts = {
        "1.sh": "echo 1.0 >> ran.txt\n",
        "1.1.sh": f"echo 1.1 >> ran.txt\n{RENAME}",
        "2.sh": "echo 2.0 >> ran.txt\n",
        "1.1.md": "# Settings\n\nRename `settings.ini` in your scripts.\n",
        "files/settings.cfg": "size = 2\n\n\nname = x\n",
    }
    write_files(
        write(pattern, version="2.0.0", migrations=migrations, messages=MESSAGES),
        scripts,
    )
    (pattern / "files/settings.ini").unlink()
    refused = blueprint("update", "--yes", cwd=shop)
    assert refused.status == 11
    assert "migration to 2.0.0, after the merge" in refused.err
    done = update(pattern, shop, "--json")
    assert done.status == 0, done.out
    assert (shop / "settings.cfg").read_text() == "size = 2\n\n\nname = x\nmine = 2\n"
    assert not (shop / "settings.ini").exists()
    assert (shop / "ran.txt").read_text() == "1.1\n2.0\n"
    assert outcomes(done)["settings.cfg"] == "migrated"
    assert done.json["briefs"] == [
        {
            "pattern": "tiny",
            "version": "1.1.0",
            "text": "# Settings\n\nRename `settings.ini` in your scripts.",
        }
    ]
    assert done.json["opening_message"] == "2.0.0 renames the settings."
    assert done.json["message"] == "Read README.md about small."
    before = content(shop)
    assert update(pattern, shop, "--json").json["briefs"] == []
    assert content(shop) == before


def test_a_migration_that_fails_leaves_the_project_as_it_was(tmp_path: Path, here: Path) -> None:
    """If a migration fails, no file of the project changes."""
    pattern = write(tmp_path / "tiny", version="1.0.0")
    assert blueprint("new", "shop", "-p", pattern, "--yes", cwd=here).status == 0
    before = content(here / "shop")
    scripts = {"2.py": "open('half.txt', 'w')\nraise SystemExit(7)\n", "files/new.txt": "new\n"}
    write(pattern, scripts, version="2.0.0", migrations=[{"version": "2.0.0", "script": "2.py"}])
    failed = update(pattern, here / "shop")
    assert failed.status == 4
    assert "the migration to 2.0.0, after the merge failed with exit status 7" in failed.err
    assert content(here / "shop") == before


def test_a_brief_needs_no_trust(tmp_path: Path, here: Path) -> None:
    """A migration without a script is a text for people, which the update and its report show."""
    pattern = write(tmp_path / "tiny", version="1.0.0")
    assert blueprint("new", "shop", "-p", pattern, "--yes", cwd=here).status == 0
    brief = {"2.md": "Rename the *topic*.\n"}
    write(pattern, brief, version="2.0.0", migrations=[{"version": "2.0.0", "brief": "2.md"}])
    done = blueprint("update", "--report", "report.md", cwd=here / "shop")
    assert done.status == 0, done.err
    assert "To do for tiny 2.0.0:\n\nRename the *topic*.\n" in done.out
    assert "### To do for tiny 2.0.0\n\nRename the *topic*.\n" in (here / "shop/report.md").read_text()


def test_migrations_of_included_patterns_follow_their_own_versions(tmp_path: Path, here: Path) -> None:
    """An included pattern migrates from the version that the project records for it, before the own ones.

    That works without a new version of the including pattern. One that is included later has nothing to
    migrate, and neither has one whose version a project does not record yet.
    """
    source = tmp_path / "patterns"
    files = {f"files/{name}.txt": f"{name}\n" for name in ("base", "late")}

    def release(base: str, version: str, include: list[str]) -> str:
        base_migrations = [
            {"version": "2.0.0", "script": "2.sh", "brief": "2.md"},
            {"version": "3.0.0", "script": "3.sh", "stage": "before"},
        ]
        context = 'python3 -c \'import json, os; c = json.load(open(os.environ["BLUEPRINT_CONTEXT"])); '
        told = f'{context} print(c["from"], c["to"])\' >> ran.txt\n'
        scripts = {
            "2.sh": f"echo base 2 >> ran.txt\n{told}",
            "3.sh": "echo base 3 >> ran.txt\n",
            "2.md": "Two.\n",
        }
        migrations = [each for each in base_migrations if each["version"] <= base]
        plain = tiny(options={}, values={}, look=[], layers=[{"from": "files", "to": "."}])
        write_pattern(
            source / "base",
            {**plain, "name": "base", "version": base, "migrations": migrations},
            {"files/base.txt": "base\n", **scripts},
        )
        late = {"version": "1.0.0", "script": "1.sh"}
        write_pattern(
            source / "late",
            {**plain, "name": "late", "version": "5.0.0", "migrations": [late]},
            {"files/late.txt": files["files/late.txt"], "1.sh": "echo late >> ran.txt\n"},
        )
        own = {"version": "1.1.0", "script": "own.sh"}
        write_pattern(
            source / "own",
            {
                **plain,
                "name": "own",
                "version": version,
                "include": include,
                "migrations": [own][: version > "1.0.0"],
            },
            {"files/own.txt": "own\n", "own.sh": "echo own >> ran.txt\n"},
        )
        return f"{source}#own"

    pattern = release("1.0.0", "1.0.0", ["../base"])
    assert blueprint("new", "shop", "-p", pattern, "--yes", cwd=here).status == 0
    shop = here / "shop"
    assert "included:\n  base: 1.0.0\n" in (shop / ".blueprint/source.yaml").read_text()
    done = update(release("2.0.0", "1.0.0", ["../base"]), shop, "--json")
    assert done.status == 0, done.out
    assert (shop / "ran.txt").read_text() == "base 2\n1.0.0 2.0.0\n"
    assert done.json["briefs"] == [{"pattern": "base", "version": "2.0.0", "text": "Two."}]
    (shop / "ran.txt").unlink()
    assert update(release("3.0.0", "1.1.0", ["../base", "../late"]), shop, "--json").status == 0
    assert (shop / "ran.txt").read_text() == "base 3\nown\n"
    assert "included:\n  base: 3.0.0\n  late: 5.0.0\n" in (shop / ".blueprint/source.yaml").read_text()


def test_messages_frame_the_questions(tmp_path: Path, here: Path) -> None:
    """The first message comes before the questions, and the last one knows the answers."""
    pattern = write(tmp_path / "tiny", messages=MESSAGES)
    done = blueprint("new", "shop", "-p", pattern, "--yes", "--set", "size=huge", cwd=here)
    assert done.out.startswith(f"shop needs 1 GB.\n\n{here / 'shop'}\n├──")
    assert done.out.endswith("\nMade huge.\n")
    described = blueprint("new", "other", "-p", pattern, "--dry-run", "--json", cwd=here).json
    assert (described["opening_message"], described["message"]) == ("other needs 1 GB.", "Made small.")


def test_a_long_path_is_printed_whole(tmp_path: Path) -> None:
    """A path that is longer than a line is not cut: it can be copied."""
    folder = tmp_path / ("folder-" * 20)
    folder.mkdir()
    pattern = write(tmp_path / "tiny")
    for arguments in ([], ["--dry-run"]):
        done = blueprint("new", f"shop{len(arguments)}", "-p", pattern, "--yes", *arguments, cwd=folder)
        assert str(folder / f"shop{len(arguments)}") in done.out.splitlines()


def test_messages_of_copier_templates_are_shown_as_well(tmp_path: Path, here: Path) -> None:
    """The four messages of a Copier template appear where those of a native pattern do."""
    settings = {
        f"_message_{when}": f"{when} {{{{ 1 + 1 }}}}"
        for when in ("before_copy", "after_copy", "before_update", "after_update")
    }
    template = tmp_path / "template"
    files = {
        "copier.yml": json.dumps(settings),
        "a.txt": "1\n",
        "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
    }
    write_files(template, files)
    commit(template, "v1.0.0")
    done = blueprint("new", "shop", "-p", f"file://{template}", "--yes", "--json", cwd=here)
    assert (done.json["opening_message"], done.json["message"]) == ("before_copy 2", "after_copy 2")
    write_files(template, {"a.txt": "2\n"})
    commit(template, "v1.1.0")
    done = blueprint("update", "--json", cwd=here / "shop")
    assert (done.json["opening_message"], done.json["message"]) == ("before_update 2", "after_update 2")
