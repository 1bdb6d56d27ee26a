"""Fetch a git repository that nobody has vouched for, by the user's own git.

Git is kept from running anything that the repository brings along, from asking, and from protocols other
than those of `locations`. What is fetched stays in a mirror in the cache; each commit is written out once.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from blueprint.errors import HostilePatternError, SourceError
from blueprint.render.engine import MAX_FILES, MAX_TOTAL

from .homes import cache_folder
from .kinds import kind_of
from .locations import Location
from .texts import line
from .versions import newest_tag

MAX_FETCH = 300
"""The longest that git may take to fetch a repository, in seconds."""

_LISTED = 1100
"""The most that git lists for one file, in bytes: its path, and what comes before it."""

_HEAD = "refs/blueprint/head"

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.protectNTFS=true",
    "core.protectHFS=true",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
)

_ATTRIBUTES = "* -filter\n"
"""Wins over what a repository says: no filter of the user, such as LFS or git-crypt, runs for it."""

_OF_A_REPOSITORY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_TEMPLATE_DIR",
    "GIT_GRAFT_FILE",
)
"""Variables that would lead git to another repository, as when blueprint is started by a hook."""


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
        return _git(f"--git-dir={self._folder}", *arguments, index=index)

    def holds(self, ref: str | None) -> bool:
        """Whether `ref` is a whole commit hash that is here: only then nothing newer can be there."""
        if ref is None or not re.fullmatch(r"[0-9a-f]{40}", ref) or not self._folder.is_dir():
            return False
        return self._commit(ref) is not None

    def fetch(self) -> None:
        _git("init", "--quiet", "--bare", "--template=", str(self._folder))
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
        command = _command(f"--git-dir={self._folder}", "ls-tree", "-r", "-l", "-z", commit)
        with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE) as listing:
            assert listing.stdout is not None  # noqa: S101
            listed = listing.stdout.read(MAX_FILES * _LISTED)
            listing.kill()
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
        return kind_of(names.split("\0")) == "cookiecutter"


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


def _git(*arguments: str, index: Path | None = None) -> str:
    try:
        done = subprocess.run(
            _command(*arguments),
            env=_environment(index),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=MAX_FETCH,
        )
    except FileNotFoundError:
        raise SourceError("git is not installed", hint="Install it, or use a folder or a zip file.") from None
    except subprocess.TimeoutExpired:
        raise SourceError(f"git took longer than {MAX_FETCH} s") from None
    if done.returncode:
        said = line(done.stderr.decode(errors="replace"))
        raise SourceError(f"git: {said or 'it failed'}", hint="Check the URL, the network and your access.")
    return done.stdout.decode(errors="surrogateescape")


def _command(*arguments: str) -> Sequence[str]:
    settings = (part for setting in _SETTINGS for part in ("-c", setting))
    return ("git", "--no-replace-objects", *settings, *arguments)


def _environment(index: Path | None = None) -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
    variables |= {
        "GIT_ALLOW_PROTOCOL": "https:ssh:file",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }
    variables.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return variables | ({"GIT_INDEX_FILE": str(index)} if index else {})


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch the same repository."""
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
