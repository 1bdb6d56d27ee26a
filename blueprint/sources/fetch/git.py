"""Fetch untrusted git repositories.

The cache holds a mirror of each repository, and one folder for each commit that was checked out.
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
from .git_command import git, git_truncated

_MAX_LISTING = 1100 * MAX_FILES
"""Maximum size of a list of files, in bytes; git lists at most about 1,100 bytes for an allowed path."""

_HEAD = "refs/blueprint/head"

_ATTRIBUTES = "* -filter\n"
"""Overrides the attributes in a repository, which could run the user's filters, such as LFS or git-crypt."""


@dataclass(frozen=True)
class Checkout:
    """A commit (40 hexadecimal digits) in a folder, with the output of `git describe --tags`."""

    folder: Path
    commit: str
    described: str


def check_out(location: Location) -> Checkout:
    """Check out the commit that `location` names to a folder of the cache, which must not be changed.

    Without a ref, that is the newest release, or the newest commit if there is no release. Cookiecutter
    templates always use the newest commit. Raises SourceError or HostilePatternError.
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
            _export(mirror, commit, folder)
        return Checkout(folder, commit, mirror.git("describe", "--tags", "--always", commit).strip())


class _Mirror:
    """A bare mirror in the cache, with all branches and tags of the repository at `url`."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url

    def git(self, *arguments: str, index: Path | None = None) -> str:
        return git(f"--git-dir={self._folder}", *arguments, index=index)

    def holds(self, ref: str | None) -> bool:
        """Return whether `ref` is a full commit hash in the mirror; any other ref may have moved."""
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
            return self._resolve_ref(location.ref)
        tag = None if self._is_cookiecutter(location.subfolder) else newest_tag(self._tags())
        return self._resolve_ref(f"refs/tags/{tag}" if tag else _HEAD)

    def check_size(self, commit: str) -> None:
        """Reject a commit that is too large to export; nested trees can stand for billions of files."""
        listing = git_truncated(
            _MAX_LISTING, f"--git-dir={self._folder}", "ls-tree", "-r", "-l", "-z", commit
        )
        entries = listing.split(b"\0")[:-1]
        sizes = (entry.partition(b"\t")[0].split()[-1] for entry in entries)
        total = sum(int(size) for size in sizes if size.isdigit())
        if len(listing) == _MAX_LISTING or len(entries) > MAX_FILES or total > MAX_TOTAL:
            raise HostilePatternError(f"{self._url} exceeds {MAX_TOTAL >> 20} MiB or {MAX_FILES:,} files")

    def _resolve_ref(self, ref: str) -> str:
        for name in (f"refs/tags/{ref}", f"refs/heads/{ref}", ref):
            commit = self._commit(name)
            if commit:
                return commit
        raise SourceError(
            f"{self._url} has no branch, tag or commit {ref}",
            hint=f"Newest tags: {', '.join(self._tags()[-5:]) or 'none'}.",
        )

    def _commit(self, name: str) -> str | None:
        try:
            verified = self.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except SourceError:
            return None
        return verified.strip()

    def _tags(self) -> list[str]:
        return self.git(
            "for-each-ref", "--sort=creatordate", "--format=%(refname:lstrip=2)", "refs/tags"
        ).split()

    def _is_cookiecutter(self, subfolder: str) -> bool:
        """Return whether this is a Cookiecutter template, which uses the newest commit, not a release."""
        try:
            names = self.git("ls-tree", "--name-only", "-z", f"{_HEAD}:{subfolder}")
        except SourceError:
            return False
        return kind_from_names(names.split("\0")) == "cookiecutter"


def _export(mirror: _Mirror, commit: str, folder: Path) -> None:
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
    """Hold the lock of a repository, so that only one process fetches it at a time."""
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
