"""Git in a project: uncommitted changes, its ignored files, and a new repository."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blueprint.errors import TargetError
from blueprint.render import Tree

from .disk import read_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

RULES = ".gitignore"


def is_dirty(folder: Path) -> bool:
    """Whether tracked files in `folder` have uncommitted changes; False without git or a repository."""
    git = shutil.which("git")
    if git is None or not is_in_repository(folder):
        return False
    done = subprocess.run(
        [git, "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no", "--", "."],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0 and bool(done.stdout)


def is_in_repository(folder: Path) -> bool:
    """Whether `folder` is a repository or inside one."""
    return any((parent / ".git").exists() for parent in (folder, *folder.parents))


def can_start_repository(folder: Path) -> bool:
    """Whether git is installed, and `folder` is empty or missing and in no repository.

    While a hook of another repository runs, GIT_DIR directs every git command to that one.
    """
    if shutil.which("git") is None or "GIT_DIR" in os.environ:
        return False
    is_new = not folder.exists() or not any(folder.iterdir())
    return is_new and not is_in_repository(folder.resolve())


def start_repository(folder: Path, message: str, needed: Iterable[str], secret: Iterable[str]) -> bool:
    """Make `folder` a repository and commit all its files but `secret` ones; whether the commit succeeded.

    It fails, for example, if the user has told git no name. The files are then staged. Files that are
    `needed` are committed even if a rule, such as `*.gz`, ignores them.
    """
    git = shutil.which("git") or "git"
    commit = ("-c", "commit.gpgSign=false", "commit", "--quiet", "--message", message)
    public = ("--", ".", *(f":(exclude,literal){path}" for path in secret))
    commands = (("init", "--quiet"), ("add", "--all", *public), ("add", "--force", "--", *needed), commit)
    return all(_run(folder, git, *command) for command in commands)


def exposed_secrets(tree: Tree) -> list[str]:
    """The secret files in `tree` that its .gitignore files do not keep out of git."""
    secret = [path for path, file in tree.items() if file.secret]
    return sorted({*secret} - ignored_paths(tree, secret)) if secret else []


def ignored_by_repository(folder: Path, paths: Iterable[str]) -> list[str]:
    """Those of `paths` that the repository around `folder` neither has nor lets git add, by any rule.

    None of them where it ignores the whole folder: such a project is not meant to be in that repository.
    """
    git = shutil.which("git")
    if git is None or not is_in_repository(folder):
        return []
    command = [git, "check-ignore", "--", ".", *paths]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    ignored = done.stdout.decode().splitlines()
    return [] if "." in ignored else ignored


def ignored_paths(tree: Tree, paths: Iterable[str]) -> Set[str]:
    """Those of `paths` that the .gitignore files in `tree` exclude; settings of the user do not count."""
    rules = {path: file.content for path, file in tree.items() if PurePosixPath(path).name == RULES}
    if not rules:
        return frozenset()
    git = shutil.which("git")
    ignored = _by_git(git, rules, list(paths)) if git else None
    return set(_by_pathspec(rules, paths)) if ignored is None else ignored


def ignore_rules(folder: Path, tree: Tree) -> Tree:
    """The .gitignore files of the project in `folder` that concern the files of `tree`."""
    folders = {str(parent) for path in tree for parent in PurePosixPath(path).parents}
    rules = {}
    for path in (str(PurePosixPath(parent, RULES)) for parent in sorted(folders)):
        try:
            file = read_file(folder, path)
        except TargetError:
            continue
        if file is not None:
            rules[path] = file
    return rules


def _run(folder: Path, *command: str) -> bool:
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0


def _by_git(git: str, rules: Mapping[str, bytes], paths: list[str]) -> Set[str] | None:
    """The ignored paths according to `git check-ignore` in an empty repository; None if git fails."""
    with TemporaryDirectory(prefix="blueprint-ignored-") as scratch:
        repository = Path(scratch)
        for part in ("objects", "refs"):
            (repository / ".git" / part).mkdir(parents=True)
        (repository / ".git/HEAD").write_text("ref: refs/heads/main\n")
        for path, content in rules.items():
            (repository / path).parent.mkdir(parents=True, exist_ok=True)
            (repository / path).write_bytes(content)
        settings = ("-c", f"core.excludesFile={os.devnull}", "-c", "core.ignoreCase=false")
        done = subprocess.run(
            [git, *settings, "check-ignore", "--no-index", "-z", "--stdin"],
            cwd=repository,
            env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            input="".join(f"{path}\0" for path in paths).encode(),
            capture_output=True,
            check=False,
        )
    # The status 1 means that no path is ignored.
    return set(done.stdout.decode().split("\0")) - {""} if done.returncode in (0, 1) else None


def _by_pathspec(rules: Mapping[str, bytes], paths: Iterable[str]) -> Iterator[str]:
    from pathspec import GitIgnoreSpec

    specs = {
        str(PurePosixPath(path).parent): GitIgnoreSpec.from_lines(
            content.decode("utf-8", "replace").splitlines()
        )
        for path, content in rules.items()
    }
    for path in paths:
        parts = path.split("/")
        folders = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        if any(_is_excluded(specs, each) for each in (*folders, path)):
            yield path


def _is_excluded(specs: Mapping[str, "GitIgnoreSpec"], path: str) -> bool:
    """Whether the nearest .gitignore with a rule for `path` excludes it; a folder ends with a slash."""
    for parent in PurePosixPath(path).parents:
        if str(parent) in specs:
            relative = path if str(parent) == "." else path.removeprefix(f"{parent}/")
            include = specs[str(parent)].check_file(relative).include
            if include is not None:
                return include
    return False
