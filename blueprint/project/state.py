"""State of a project in `.blueprint/`: the answers, the source and two archives of the rendered files.

One archive belongs in git. Files that are secret, or that git ignores in the project, are in the other one,
which only its owner can read, in a folder that ignores itself. Each further template of the project has the
same files in a folder of `.blueprint/templates/`.
"""

import gzip
import io
import re
import tarfile
from collections.abc import Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
import yaml

from blueprint import __version__
from blueprint.patterns import Answers, Pattern
from blueprint.patterns.model import BUILT_IN
from blueprint.render import File, Tree
from blueprint.render.paths import STATE

from .git import ignored_paths

MAIN = "main"
"""Name of the template that the project was made from. Its state is in `.blueprint/` itself."""

TEMPLATES = f"{STATE}/templates"
"""Folder with the state of further templates, each in a folder with the name of the template."""

PRIVATE = "private"


@dataclass(frozen=True)
class StateFiles:
    """Paths of the state files of one template, relative to the project."""

    folder: str

    @property
    def answers(self) -> str:
        """The answers, which the user may edit."""
        return f"{self.folder}/answers.yaml"

    @property
    def source(self) -> str:
        """The pattern and its version."""
        return f"{self.folder}/source.yaml"

    @property
    def pristine(self) -> str:
        """The archive that belongs in git."""
        return f"{self.folder}/pristine.tar.gz"

    @property
    def private_rules(self) -> str:
        """The .gitignore file of the private folder."""
        return f"{self.folder}/{PRIVATE}/.gitignore"

    @property
    def private_pristine(self) -> str:
        """The archive of private files."""
        return f"{self.folder}/{PRIVATE}/pristine.tar.gz"

    @property
    def tracked(self) -> tuple[str, ...]:
        """The files that belong in git."""
        return self.answers, self.source, self.pristine

    @property
    def paths(self) -> tuple[str, ...]:
        """All files."""
        return *self.tracked, self.private_rules, self.private_pristine


def state_files(template: str) -> StateFiles:
    """The state files of the template that a project knows by this name."""
    return StateFiles(STATE if template == MAIN else f"{TEMPLATES}/{template}")


def is_template_name(name: str) -> bool:
    """Whether a further template of a project can have this name."""
    return name not in (MAIN, PRIVATE) and bool(re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name))


def is_state_file(path: str) -> bool:
    """Whether `path` is a state file of any template."""
    template = path.removeprefix(f"{TEMPLATES}/").partition("/")[0]
    known = (MAIN, template) if is_template_name(template) else (MAIN,)
    return any(path in state_files(name).paths for name in known)


def with_state(
    tree: Tree,
    pattern: Pattern,
    answers: Answers,
    source: str,
    rules: Tree | None = None,
    template: str = MAIN,
) -> Tree:
    """Add the state files of `template` to `tree`. `source` is the pattern as the user named it.

    `rules` are the .gitignore files of an existing project; a new one has those in `tree`.
    """
    files = state_files(template)
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
        files.answers: remembered,
        files.source: _yaml(
            "Pattern and version that this project was made from.",
            {
                "format": 1,
                "blueprint": __version__,
                "pattern": pattern.name,
                "version": pattern.version,
                **_included(pattern),
                **_origin(pattern, source),
                **_secrets(answers),
            },
        ),
        files.pristine: File(public),
    }
    if private:
        content = _private_archive({path: tree[path] for path in tree if path in private}, state_id(public))
        state[files.private_rules] = File(b"*\n")
        state[files.private_pristine] = File(content, secret=True)
    return dict(sorted({**tree, **state}.items()))


def private_paths(tree: Tree, rules: Tree) -> Set[str]:
    """The files of `tree` that may not get into git: the secret ones, and those that `rules` ignore."""
    return {path for path, file in tree.items() if file.secret} | ignored_paths(rules, tree)


def state_id(content: bytes) -> str:
    """The text by which an archive names the state file that it belongs to.

    The archive in git belongs to the answers, which the user may edit, and the private one to that archive.
    """
    return sha256(content).hexdigest()


def _included(pattern: Pattern) -> Mapping[str, Any]:
    """The versions of the included patterns, from which their migrations continue."""
    versions = {each.name: each.version for each in pattern.included}
    return {"included": versions} if versions else {}


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


class _Dumper(yaml.SafeDumper):
    """Writes equal lists twice: answers with aliases could not be read again."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(comment: str, content: Mapping[str, Any]) -> File:
    return File(f"# {comment}\n{yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False)}".encode())


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
