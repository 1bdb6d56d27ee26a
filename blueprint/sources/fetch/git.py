"""Fetch a git repository that nobody has vouched for.

What is fetched stays in a mirror in the cache; each commit is written out once.
"""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from blueprint.errors import HostilePatternError, SourceError
from blueprint.render.engine import MAX_FILES, MAX_TOTAL

from ..detect import kind_from_names
from ..locations import Location
from ..user_dirs import cache_folder
from ..versions import newest_tag
from .git_command import git, git_beginning

_LISTED = 1100
"""The most that git lists for one file, in bytes: its path, and what comes before it."""

_HEAD = "refs/blueprint/head"

_ATTRIBUTES = "* -filter\n"
"""Wins over what a repository says: no filter of the user, such as LFS or git-crypt, runs for it."""


@dataclass(frozen=True)
class Checkout:
    """A commit (40 hexadecimal digits) in a folder, and what `git describe --tags` calls it."""

    folder: Path
    commit: str
    described: str


def check_out(location: Location) -> Checkout:
    """The commit that `location` names, written to a folder of the cache that nobody may change.

    Without a ref this is the newest release, or where there is none, the newest commit. Raises SourceError
    or HostilePatternError.
    """
    home = cache_folder() / sha256(location.url.encode()).hexdigest()[:32]
    home.mkdir(mode=0o700, exist_ok=True)
    mirror = _Mirror(home / "mirror.git", location.url)
    with _locked(home):
        if not mirror.holds(location.ref):
            mirror.fetch()
        commit = mirror.resolve(location)
        folder = home / commit
        if not folder.is_dir():
            _write_out(mirror, commit, folder)
        return Checkout(folder, commit, mirror.git("describe", "--tags", "--always", commit).strip())


class _Mirror:
    """A bare repository in the cache with all branches and tags of another one."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url

    def git(self, *arguments: str, index: Path | None = None) -> str:
        return git(f"--git-dir={self._folder}", *arguments, index=index)

    def holds(self, ref: str | None) -> bool:
        """Whether `ref` is a whole commit hash that is here: only then nothing newer can be there."""
        if ref is None or not re.fullmatch(r"[0-9a-f]{40}", ref) or not self._folder.is_dir():
            return False
        return self._commit(ref) is not None

    def fetch(self) -> None:
        git("init", "--quiet", "--bare", "--template=", str(self._folder))
        attributes = self._folder / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text(_ATTRIBUTES, encoding="ascii")
        refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", f"+HEAD:{_HEAD}")
        self.git("fetch", "--quiet", "--prune", "--no-tags", "--", self._url, *refs)

    def resolve(self, location: Location) -> str:
        if location.ref is not None:
            return self._named(location.ref)
        tag = None if self._is_cookiecutter(location.subfolder) else newest_tag(self._tags())
        return self._named(f"refs/tags/{tag}" if tag else _HEAD)

    def check_size(self, commit: str) -> None:
        """Refuse what is too large to be written out; trees that contain each other can be endless."""
        listed = git_beginning(
            MAX_FILES * _LISTED, f"--git-dir={self._folder}", "ls-tree", "-r", "-l", "-z", commit
        )
        entries = listed.split(b"\0")[:-1]
        sizes = (entry.partition(b"\t")[0].split()[-1] for entry in entries)
        total = sum(int(size) for size in sizes if size.isdigit())
        if len(listed) == MAX_FILES * _LISTED or len(entries) > MAX_FILES or total > MAX_TOTAL:
            raise HostilePatternError(f"{self._url} has over {MAX_FILES} files or {MAX_TOTAL >> 20} MiB")

    def _named(self, ref: str) -> str:
        for name in (f"refs/tags/{ref}", f"refs/heads/{ref}", ref):
            commit = self._commit(name)
            if commit:
                return commit
        raise SourceError(
            f"{self._url} has no branch, tag or commit {ref}",
            hint=f"Its newest tags: {', '.join(self._tags()[-5:]) or 'none'}.",
        )

    def _commit(self, name: str) -> str | None:
        try:
            verified = self.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except SourceError:
            return None
        return verified.strip()

    def _tags(self) -> list[str]:
        named = ("--sort=creatordate", "--format=%(refname:lstrip=2)")
        return self.git("for-each-ref", *named, "refs/tags").split()

    def _is_cookiecutter(self, subfolder: str) -> bool:
        """Cookiecutter takes the newest commit where Copier takes the newest release; so do we."""
        try:
            names = self.git("ls-tree", "--name-only", "-z", f"{_HEAD}:{subfolder}")
        except SourceError:
            return False
        return kind_from_names(names.split("\0")) == "cookiecutter"


def _write_out(mirror: _Mirror, commit: str, folder: Path) -> None:
    mirror.check_size(commit)
    scratch = Path(mkdtemp(prefix="checkout-", dir=folder.parent))
    try:
        index = scratch / "index"
        mirror.git("read-tree", commit, index=index)
        tree = f"--prefix={scratch}/tree/"
        mirror.git(f"--work-tree={scratch}", "checkout-index", "--all", tree, index=index)
        (scratch / "tree").mkdir(exist_ok=True)
        (scratch / "tree").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch the same repository."""
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
