"""Files of a project on disk: read them into a Tree, and find those that git ignores."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blueprint.errors import DiskError, TargetError
from blueprint.render import File, Tree

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

RULES = ".gitignore"


def read_tree(folder: Path, paths: Iterable[str]) -> Tree:
    """Read those of `paths` that are files in `folder`; a missing folder counts as empty.

    Raises TargetError where a path is blocked by anything but regular files and folders. Links are never
    followed, because they can lead out of `folder`. Raises DiskError for a file that cannot be read.
    """
    tree = {}
    for path in paths:
        file = read_file(folder, path)
        if file is not None:
            tree[path] = file
    return tree


def read_file(folder: Path, path: str) -> File | None:
    """Read one file in `folder` as `read_tree` does; None if it does not exist."""
    location = folder
    *parents, name = path.split("/")
    try:
        for parent in parents:
            location /= parent
            if not stat.S_ISDIR(location.lstat().st_mode):
                raise _in_the_way(location)
        location /= name
        status = location.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise _in_the_way(location)
        return File(location.read_bytes(), executable=bool(status.st_mode & 0o100))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DiskError(
            f"cannot read {location}: {error.strerror}", hint=os.strerror(error.errno or 0)
        ) from error


def _in_the_way(location: Path) -> TargetError:
    return TargetError(f"{location} is in the way", hint="Move it, or choose another folder with --output.")


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
