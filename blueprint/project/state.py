"""State of a project in `.blueprint/`: its answers, its source and two archives of the rendered files.

One archive belongs in git. Files that are secret, or that git ignores in the project, are in the other one,
which only its owner can read, in a folder that ignores itself.
"""

import gzip
import io
import tarfile
from collections.abc import Mapping, Set
from hashlib import sha256
from typing import Any

import msgspec
import yaml

from blueprint import __version__
from blueprint.patterns import Answers, Pattern
from blueprint.patterns.model import BUILT_IN
from blueprint.render import File, Tree
from blueprint.render.paths import STATE

from .disk import ignored_paths

ANSWERS = f"{STATE}/answers.yaml"
SOURCE = f"{STATE}/source.yaml"
PRISTINE = f"{STATE}/pristine.tar.gz"
PRIVATE_RULES = f"{STATE}/private/.gitignore"
PRIVATE_PRISTINE = f"{STATE}/private/pristine.tar.gz"
STATE_FILES = (ANSWERS, SOURCE, PRISTINE, PRIVATE_RULES, PRIVATE_PRISTINE)


def with_state(
    tree: Tree, pattern: Pattern, answers: Answers, source: str, rules: Tree | None = None
) -> Tree:
    """Add the files of `.blueprint/` to `tree`. `source` is the pattern as the user named it.

    `rules` are the .gitignore files of an existing project; a new one has those in `tree`.
    """
    tree = dict(sorted(tree.items()))
    private = private_paths(tree, tree if rules is None else rules)
    remembered = _yaml(
        "Answers that this project was made with. `blueprint new --answers` reads this file.",
        {"pattern": source, "project": answers.project, **answers.remembered},
    )
    public = _archive(
        {path: file for path, file in tree.items() if path not in private}, state_id(remembered.content)
    )
    state = {
        ANSWERS: remembered,
        SOURCE: _yaml(
            "Pattern and version that this project was made from.",
            {
                "format": 1,
                "blueprint": __version__,
                "pattern": pattern.name,
                "version": pattern.version,
                **_origin(pattern, source),
                **_secrets(answers),
            },
        ),
        PRISTINE: File(public),
    }
    if private:
        content = _private_archive({path: tree[path] for path in tree if path in private}, state_id(public))
        state[PRIVATE_RULES] = File(b"*\n")
        state[PRIVATE_PRISTINE] = File(content, secret=True)
    return dict(sorted({**tree, **state}.items()))


def private_paths(tree: Tree, rules: Tree) -> Set[str]:
    """The files of `tree` that may not get into git: the secret ones, and those that `rules` ignore."""
    return {path for path, file in tree.items() if file.secret} | ignored_paths(rules, tree)


def state_id(content: bytes) -> str:
    """The text by which an archive names the state file that it belongs to.

    The archive in git belongs to the answers, which the user may edit, and the private one to that archive.
    """
    return sha256(content).hexdigest()


def _origin(pattern: Pattern, source: str) -> Mapping[str, Any]:
    """The origin of a pattern that is not built in; a path is recorded as in `source`."""
    if pattern.origin == BUILT_IN:
        return {}
    origin = msgspec.to_builtins(pattern.origin)
    if pattern.origin.type in ("folder", "zip"):
        origin["location"] = source.partition("#")[0]
    return {"origin": origin}


def _secrets(answers: Answers) -> Mapping[str, Any]:
    """The names of the secret answers that differ from the defaults: an update needs them again."""
    return {"secrets": sorted(answers.given_secrets)} if answers.given_secrets else {}


def _yaml(comment: str, content: Mapping[str, Any]) -> File:
    return File(f"# {comment}\n{yaml.safe_dump(dict(content), sort_keys=False)}".encode())


def _archive(tree: Tree, belongs_to: str) -> bytes:
    """Pack `tree` into a tar.gz archive; the same tree always gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=4, mtime=0) as compressed:
        compressed.write(_tar(tree, belongs_to))
    return buffer.getvalue()


def _private_archive(tree: Tree, belongs_to: str) -> bytes:
    """Pack `tree` like `_archive`, but padded to a size that does not depend on random values.

    A dry run reports the size that the real run then has. gzip ignores zeros at the end.
    """
    return _archive(tree, belongs_to).ljust(len(_tar(tree, belongs_to)), b"\0")


def _tar(tree: Tree, belongs_to: str) -> bytes:
    buffer = io.BytesIO()
    # tarfile cannot read an archive that has headers but no files.
    headers = {"comment": belongs_to} if tree else {}
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers) as archive:
        for path, file in tree.items():
            member = tarfile.TarInfo(path)
            member.size = len(file.content)
            member.mode = file.mode & ~0o022
            archive.addfile(member, io.BytesIO(file.content))
    return buffer.getvalue()
