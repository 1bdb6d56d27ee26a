"""Fetch untrusted git repositories.

The cache holds a mirror of each repository, and one folder for each commit that was checked out.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from blueprint.errors import HostilePatternError, SourceError
from blueprint.patterns import load_pattern
from blueprint.user_dirs import cache_folder

from ..detect import kind_from_names, kind_in
from ..locations import Location
from ..pointers import submodule_pointer
from ..source_limits import MAX_FILES, MAX_TOTAL, exceeded
from ..versions import newest_tag
from .git_command import git, git_truncated

_MAX_LISTING = 200 * MAX_FILES
"""Maximum size of a list of files, in bytes; git lists about 50 bytes in addition to the path of a file."""

_HEAD = "refs/blueprint/head"
"""The commit of the remote's default branch."""

_SUBMODULE = "160000"
"""The mode of a submodule in a tree."""

_ATTRIBUTES = "* -text -ident -filter !working-tree-encoding\n"
"""Overrides all other attributes: files are the bytes of the commit, and no filter of the user runs."""

_COMMIT = re.compile(r"(.+-\d+-g)?[0-9a-f]{4,40}")
"""A commit by its hash, or as `git describe` names it."""


@dataclass(frozen=True)
class Checkout:
    """A commit (40 hexadecimal digits) in a folder, with the output of `git describe --tags`.

    `mirror` is the git directory with the commit.
    """

    folder: Path
    mirror: Path
    commit: str
    described: str


_fetched: ContextVar[set[str] | None] = ContextVar("fetched", default=None)
"""The repositories that `fetching_once` has fetched, by URL."""


@contextmanager
def fetching_once() -> Iterator[None]:
    """In the block, fetch each repository at most once, for a command that looks at many projects."""
    token = _fetched.set(set())
    try:
        yield
    finally:
        _fetched.reset(token)


def check_out(location: Location) -> Checkout:
    """Check out the commit that `location` names to a folder of the cache, which must not be changed.

    Without a ref, that is the newest release, or the newest commit if there is no release. Cookiecutter
    templates always use the newest commit. If the commit exceeds the limits of a source, only the subfolder
    that `location` names is checked out. Raises SourceError or HostilePatternError.
    """
    home = cache_folder() / sha256(location.url.encode()).hexdigest()[:32]
    home.mkdir(mode=0o700, exist_ok=True)
    mirror = _Mirror(home / "mirror.git", location.url)
    with _locked(home):
        fetched = _fetched.get()
        if not mirror.holds(location.ref) and location.url not in (fetched or ()):
            mirror.fetch()
            if fetched is not None:
                fetched.add(location.url)
        commit = mirror.resolve(location)
        is_small = mirror.list_files(commit) is not None
        if not is_small and not location.subfolder:
            raise HostilePatternError(exceeded(mirror.url))
        part = "" if is_small else location.subfolder
        folder = home / f"tree-{commit}{f'-{sha256(part.encode()).hexdigest()[:12]}' if part else ''}"
        if not folder.is_dir():
            _export(mirror, commit, folder, part)
        described = mirror.git("describe", "--tags", "--always", commit).strip()
        return Checkout(folder, mirror.folder, commit, described)


class _Mirror:
    """A bare mirror in the cache, with all branches and tags of the repository at `url`."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def git(self, *arguments: str, index: Path | None = None) -> str:
        return git(f"--git-dir={self.folder}", *arguments, index=index)

    def holds(self, ref: str | None) -> bool:
        """Return whether `ref` is a full commit hash in the mirror; any other ref may have moved."""
        if ref is None or not re.fullmatch(r"[0-9a-f]{40}", ref) or not self.folder.is_dir():
            return False
        return self._commit(ref) is not None

    def fetch(self) -> None:
        git("init", "--quiet", "--bare", "--template=", str(self.folder))
        refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", f"+HEAD:{_HEAD}")
        self.git("fetch", "--quiet", "--prune", "--no-tags", "--", self.url, *refs)

    def resolve(self, location: Location) -> str:
        if location.ref is not None:
            return self._resolve_ref(location.ref)
        tag = None if self._is_cookiecutter(location.subfolder) else newest_tag(self._tags())
        return self._resolve_ref(f"refs/tags/{tag}" if tag else "HEAD")

    def list_files(self, tree: str) -> list[tuple[str, str]] | None:
        """Return mode and path of each file of `tree`, or None if it exceeds the limits of a source.

        Nested trees of a few bytes can stand for billions of files.
        """
        listing = git_truncated(_MAX_LISTING, f"--git-dir={self.folder}", "ls-tree", "-r", "-l", "-z", tree)
        if len(listing) == _MAX_LISTING:
            return None
        entries = [entry.partition(b"\t") for entry in listing.split(b"\0")[:-1]]
        sizes = (details.split()[-1] for details, _, _ in entries)
        total = sum(int(size) for size in sizes if size.isdigit())
        if len(entries) > MAX_FILES or total > MAX_TOTAL:
            return None
        return [(details.decode().split()[0], os.fsdecode(path)) for details, _, path in entries]

    def write_files(self, tree: str, folder: Path, scratch: Path) -> None:
        """Write the files of `tree` to `folder`, and a pointer in place of each submodule."""
        files = self.list_files(tree)
        if files is None:
            raise HostilePatternError(exceeded(self.url))
        attributes = self.folder / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text(_ATTRIBUTES, encoding="ascii")
        index = Path(mkdtemp(prefix="index-", dir=scratch)) / "index"
        self.git("read-tree", tree, index=index)
        self.git(f"--work-tree={scratch}", "checkout-index", "--all", f"--prefix={folder}/", index=index)
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder / path for mode, path in files if mode == _SUBMODULE):
            if path.is_dir() and path.resolve() == folder.resolve() / path.relative_to(folder):
                path.rmdir()
                path.write_text(submodule_pointer(path.relative_to(folder).as_posix()), encoding="utf-8")

    def _resolve_ref(self, ref: str) -> str:
        names = [f"refs/tags/{ref}", f"refs/heads/{ref}"]
        if ref == "HEAD":
            # The HEAD of the mirror is whatever branch name this user's git prefers.
            names = [_HEAD]
        elif ref.startswith("refs/") or _COMMIT.fullmatch(ref):
            names.append(ref)
        for name in names:
            commit = self._commit(name)
            if commit:
                return commit
        raise SourceError(
            f"{self.url} has no branch, tag or commit {ref}",
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


def _export(mirror: _Mirror, commit: str, folder: Path, part: str) -> None:
    """Write the files of `commit` to `folder`, or only those in the subfolder `part`."""
    scratch = Path(mkdtemp(prefix="checkout-", dir=folder.parent))
    try:
        tree = scratch / "tree"
        mirror.write_files(f"{commit}:{part}", tree / part, scratch)
        for shared in _shared_folders(tree, part) if part else ():
            mirror.write_files(f"{commit}:{shared}", tree / shared, scratch)
        tree.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _shared_folders(tree: Path, part: str) -> Iterator[str]:
    """Yield the folders of a repository that a native pattern in the subfolder `part` uses or includes.

    Each is expected in `tree` when the next one is requested.
    """
    if kind_in(tree / part) != "native":
        return
    pattern = load_pattern(tree / part, tree)
    included = [text for text in pattern.include if "/" in text or text in (".", "..")]
    for text in (*included, *(layer.source for layer in pattern.layers)):
        path = os.path.normpath(os.path.join(part, text))
        if not Path(path).is_absolute() and ".." not in Path(path).parts and not (tree / path).exists():
            yield path
            if text in included:
                yield from _shared_folders(tree, path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a repository, so that only one process fetches it at a time."""
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
