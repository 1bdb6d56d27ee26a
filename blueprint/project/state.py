"""State of a project in `.blueprint/`: its answers, its source and an archive of the rendered files."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from blueprint import __version__
from blueprint.patterns import Answers, Pattern
from blueprint.patterns.model import BUILT_IN
from blueprint.render import File, Tree
from blueprint.render.paths import STATE

ANSWERS = f"{STATE}/answers.yaml"
SOURCE = f"{STATE}/source.yaml"
PRISTINE = f"{STATE}/pristine.tar.gz"
STATE_FILES = (ANSWERS, SOURCE, PRISTINE)


def with_state(tree: Tree, pattern: Pattern, answers: Answers, source: str) -> Tree:
    """Add the files of `.blueprint/` to `tree`. `source` is the pattern as the user named it."""
    state = {
        ANSWERS: _yaml(
            "Answers that this project was made with. `blueprint new --answers` reads this file.",
            {"pattern": source, "project": answers.project, **answers.remembered},
        ),
        SOURCE: _yaml(
            "Pattern and version that this project was made from.",
            {
                "format": 1,
                "blueprint": __version__,
                "pattern": pattern.name,
                "version": pattern.version,
                **_origin(pattern, source),
                **_secrets(pattern, answers),
            },
        ),
        PRISTINE: File(_archive(pristine(tree))),
    }
    return dict(sorted({**tree, **state}.items()))


def pristine(tree: Tree) -> Tree:
    """The part of `tree` that is archived: all files that are not secret."""
    return {path: file for path, file in tree.items() if not file.secret}


def _origin(pattern: Pattern, source: str) -> Mapping[str, Any]:
    """The origin of a pattern that is not built in; a path is recorded as in `source`."""
    if pattern.origin == BUILT_IN:
        return {}
    origin = msgspec.to_builtins(pattern.origin)
    if pattern.origin.type in ("folder", "zip"):
        origin["location"] = source.partition("#")[0]
    return {"origin": origin}


def _secrets(pattern: Pattern, answers: Answers) -> Mapping[str, Any]:
    """The names of the secret answers that differ from the defaults: an update needs them again."""
    given = sorted(name for name in answers.secret if answers.options[name] != pattern.options[name].default)
    return {"secrets": given} if given else {}


def _yaml(comment: str, content: Mapping[str, Any]) -> File:
    return File(f"# {comment}\n{yaml.safe_dump(dict(content), sort_keys=False)}".encode())


def _archive(tree: Tree) -> bytes:
    """Pack `tree` into a tar.gz archive; the same tree always gives the same bytes."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=4, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, file in tree.items():
            member = tarfile.TarInfo(path)
            member.size = len(file.content)
            member.mode = 0o755 if file.executable else 0o644
            archive.addfile(member, io.BytesIO(file.content))
    return buffer.getvalue()
