"""`blueprint new` makes the project a git repository with a first commit, outside of any other."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.patterns_on_disk import TINY, TINY_FILES, write_pattern
from tests.servers.process import program

from .running import blueprint

NAMED = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.com",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
}
NAMELESS = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "EMAIL": "",
    "GIT_CONFIG_COUNT": "1",
} | {
    "GIT_CONFIG_KEY_0": "user.useConfigOnly",
    "GIT_CONFIG_VALUE_0": "true",
}


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that is in no repository; those of other tests are."""
    program("git")
    with TemporaryDirectory(prefix="blueprint-test-") as folder:
        yield Path(folder)


def git(project: Path, *arguments: str) -> str:
    """Run git in the project and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True, text=True).stdout


def test_the_first_commit_has_all_files_but_no_secrets(tiny: Path, outside: Path) -> None:
    """Nothing is left to commit, and the files that .gitignore excludes are not in the commit."""
    run = blueprint("new", "shop", "-p", tiny, cwd=outside, env=NAMED)
    assert (run.status, run.err) == (0, "")
    assert "git repository with a first commit" in run.out
    assert git(outside / "shop", "log", "--format=%s") == "Create shop with blueprint\n"
    assert git(outside / "shop", "status", "--porcelain") == ""
    committed = git(outside / "shop", "ls-files").splitlines()
    assert "README.md" in committed
    assert ".blueprint/answers.yaml" in committed
    assert {".env", ".blueprint/private/pristine.tar.gz"}.isdisjoint(committed)


def test_the_state_is_committed_although_a_rule_of_the_project_ignores_it(here: Path, outside: Path) -> None:
    """Many .gitignore files have `*.gz`. Without the archive in .blueprint, a clone cannot be updated."""
    write_pattern(here / "tiny", TINY, {**TINY_FILES, "files/.gitignore": "*.gz\n.env\n.*\n"})
    run = blueprint("new", "shop", "-p", here / "tiny", "--json", cwd=outside, env=NAMED)
    assert (run.status, run.json["warnings"]) == (0, [])
    state = [
        path for path in git(outside / "shop", "ls-files").splitlines() if path.startswith(".blueprint/")
    ]
    assert state == [f".blueprint/{name}" for name in ("answers.yaml", "pristine.tar.gz", "source.yaml")]
    git(outside, "clone", "--quiet", "shop", "clone")
    assert blueprint("update", "clone", "-p", here / "tiny", cwd=outside).status == 0


def test_a_secret_file_that_is_not_ignored_is_left_out_and_is_a_warning(here: Path, outside: Path) -> None:
    """The first commit is made unasked, so it must not contain what the pattern forgot to ignore."""
    write_pattern(here / "tiny", TINY, {**TINY_FILES, "files/.gitignore": "*.log\n"})
    run = blueprint("new", "shop", "-p", here / "tiny", "--json", cwd=outside, env=NAMED)
    assert [warning.partition(",")[0] for warning in run.json["warnings"]] == [".env contains a secret"]
    assert git(outside / "shop", "status", "--porcelain") == "?? .env\n"


def test_a_repository_that_ignores_the_state_is_a_warning(tiny: Path, outside: Path) -> None:
    """In a repository of the user, nothing is added to git, but the command says what to add."""
    git(outside, "init", "--quiet")
    (outside / ".gitignore").write_text("*.tar.gz\n")
    run = blueprint("new", "shop", "-p", tiny, cwd=outside, env=NAMED)
    assert "run `git add --force .blueprint/pristine.tar.gz` in the project\n" in run.out
    assert run.out.count("Warning: ") == 1


def test_a_repository_that_ignores_the_whole_project_is_none(tiny: Path, outside: Path) -> None:
    """A project in a build folder is not meant for the repository around it."""
    git(outside, "init", "--quiet")
    (outside / ".gitignore").write_text("build/\n")
    run = blueprint("new", "shop", "-p", tiny, "--output", "build/shop", cwd=outside, env=NAMED)
    assert (run.status, "Warning: " in run.out) == (0, False)


def test_without_a_name_the_files_are_staged(tiny: Path, outside: Path) -> None:
    """A user who has told git no name gets the project, and a sentence that says what to do."""
    run = blueprint("new", "shop", "-p", tiny, cwd=outside, env=NAMELESS)
    assert (run.status, run.err) == (0, "")
    assert "Set user.name and user.email" in run.out
    assert "A  README.md" in git(outside / "shop", "status", "--porcelain")


@pytest.mark.parametrize("how", ["--no-git", "--dry-run", "--force"])
def test_a_repository_is_made_only_for_a_new_project(tiny: Path, outside: Path, how: str) -> None:
    """No repository with --no-git, in a dry run, or around files that were there before."""
    if how == "--force":
        (outside / "shop").mkdir()
        (outside / "shop/notes.txt").write_text("mine")
    run = blueprint("new", "shop", "-p", tiny, how, "--json", cwd=outside, env=NAMED)
    assert run.status == 0
    assert run.json["git"] == (how == "--dry-run")
    assert not (outside / "shop/.git").exists()


def test_no_repository_is_made_inside_another(tiny: Path, outside: Path) -> None:
    """A project in a repository is part of it."""
    git(outside, "init", "--quiet")
    assert not blueprint("new", "shop", "-p", tiny, "--json", cwd=outside, env=NAMED).json["git"]
    assert not (outside / "shop/.git").exists()


def test_no_repository_is_made_while_a_hook_runs(tiny: Path, outside: Path) -> None:
    """Git would put the project's files into the repository whose hook runs blueprint."""
    other = {**NAMED, "GIT_DIR": str(outside / "other/.git")}
    assert not blueprint("new", "shop", "-p", tiny, "--json", cwd=outside, env=other).json["git"]
    assert not (outside / "shop/.git").exists()
