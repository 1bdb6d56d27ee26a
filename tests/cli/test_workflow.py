"""`blueprint workflow` and `blueprint update --report`: a weekly pull request."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repositories import git

from .projects import BODY, create_project, edit, release_version
from .running import blueprint

NEWER_BODY = BODY.replace("line 8", "line eight")
CHANGELOG = "## 1.3.0\n\n- Line 8 of `body.txt` is a word.\n"

GH = """#!/bin/sh
case "$1 $2" in
  "repo clone") git clone -q "$REMOTE" . ;;
  "pr list") echo "${OPEN:-0}" ;;
  "pr create") echo "$@" > "$RUNNER_TEMP/created" ;;
esac
"""
"""Stands for GitHub's command: the repository is a folder, and a pull request is a file."""


@pytest.fixture
def shop(here: Path) -> Path:
    """A project in git, whose pattern has an absolute path, and a newer version with a conflict."""
    shop = create_project(here)
    assert blueprint("update", "-p", here / "tiny", cwd=shop).status == 0
    edit(shop, "body.txt", "line 8", "mine")
    git(shop, "init", "-q", "-b", "main")
    commit_tracked(shop)
    return shop


def commit_tracked(shop: Path) -> None:
    """Commit what a user would: git ignores the secret files."""
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "--message", "change")


def test_a_report_says_what_changed_why_and_what_waits(here: Path, shop: Path) -> None:
    """The report has the changelog, the files that need a decision with the test, and the others."""
    release_version(here, {"files/body.txt": NEWER_BODY, "files/new.txt": "new\n", "CHANGELOG.md": CHANGELOG})
    assert blueprint("update", "--report", here / "report.md", cwd=shop).status == 8
    text = (here / "report.md").read_text()

    assert text.startswith("## shop (main): tiny 1.2.3 to 1.3.0\n\n### Why\n\n- 1.3.0: Line 8 of `body.txt`")
    assert "- [ ] `body.txt`: in conflict; resolve the sections" in text
    assert "- [ ] `make test` passes" in text
    assert "<details><summary>1 file created</summary>\n\n- `new.txt`\n" in text


def test_the_workflow_uses_no_action_and_few_rights(here: Path) -> None:
    """Its steps are shell with git and gh, so nothing has to be pinned."""
    printed = blueprint("workflow", cwd=here).out
    found = yaml.safe_load(printed)
    assert "uses:" not in printed
    assert found["permissions"] == {"contents": "write", "pull-requests": "write"}


def run_workflow(here: Path, shop: Path, **env: str) -> tuple[int, str, Path]:
    """Run the steps of the workflow as GitHub does for `shop`; return status, output and scratch."""
    scratch = here / "runner"
    work, programs = scratch / "work", scratch / "bin"
    for folder in (work, programs):
        folder.mkdir(parents=True)
    command = f'#!/bin/sh\nexec "{sys.executable}" -m blueprint "$@"\n'
    for name, text in (("gh", GH), ("pipx", "#!/bin/sh\n"), ("blueprint", command)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    variables = scratch / "variables"
    variables.touch()
    workflow: Any = yaml.safe_load(blueprint("workflow", cwd=here).out)
    given = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "REMOTE": str(shop),
        "RUNNER_TEMP": str(scratch),
        "GITHUB_ENV": str(variables),
        "GITHUB_REPOSITORY": "team/shop",
        "GITHUB_REF_NAME": "main",
        **{name: value for name, value in workflow["env"].items() if "{{" not in value},
        **env,
    }
    output = ""
    for step in workflow["jobs"]["update"]["steps"]:
        state = variables.read_text().strip().removeprefix("STATE=")
        if "if" in step and state != "behind":
            continue
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=work,
            env=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        output += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, output, scratch
    return 0, output, scratch


def test_the_workflow_opens_a_draft_for_an_update_with_conflicts(here: Path, shop: Path) -> None:
    """The branch has the merged files, and the pull request is a draft with the report as its body."""
    release_version(here, {"files/body.txt": NEWER_BODY, "files/new.txt": "new\n"})
    status, output, scratch = run_workflow(here, shop)

    assert status == 0, output
    created = (scratch / "created").read_text()
    assert "--head update-from-pattern --draft" in created
    assert "What waits for you" in (scratch / "report.md").read_text()
    assert "new.txt" in git(shop, "ls-tree", "--name-only", "update-from-pattern")
    assert "<<<<<<< yours" in git(shop, "show", "update-from-pattern:body.txt")
    assert ".env" not in git(shop, "ls-tree", "-r", "--name-only", "update-from-pattern").splitlines()


@pytest.mark.parametrize("env", [{}, {"OPEN": "1"}])
def test_the_workflow_does_nothing_without_need(here: Path, shop: Path, env: dict[str, str]) -> None:
    """A current project gets no pull request, and neither does one with an open one."""
    if env:
        release_version(here, {"files/body.txt": NEWER_BODY})
    status, output, scratch = run_workflow(here, shop, **env)
    assert (status, (scratch / "created").exists()) == (0, False), output
    assert git(shop, "branch", "--list", "update-from-pattern") == ""


def test_the_workflow_fails_while_conflicts_wait(here: Path, shop: Path) -> None:
    """Conflicts that somebody merged into the main branch are an error of the run."""
    release_version(here, {"files/body.txt": NEWER_BODY})
    assert blueprint("update", cwd=shop).status == 8
    commit_tracked(shop)
    status, output, _ = run_workflow(here, shop)
    assert status == 1
    assert "::error::An earlier update is not finished" in output
