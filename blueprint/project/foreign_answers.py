"""What other tools remember in a project of how they made it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.documents import DocumentError, read_document, read_json
from blueprint.errors import ProjectError

COPIER = ".copier-answers.yml"
CRUFT = ".cruft.json"


@dataclass(frozen=True)
class ForeignAnswers:
    """How another tool made a project: from what, in which version, with which answers.

    `path` is the file that says so, `follows` the branch or tag that updates take, if the record names one.
    """

    path: str
    source: str
    subfolder: str
    version: str | None
    follows: str | None
    answers: Mapping[str, Any]


def read_foreign_answers(folder: Path) -> ForeignAnswers | None:
    """The record of Copier or cruft in `folder`, or None if there is none. Raises ProjectError."""
    if (folder / COPIER).is_file():
        return _copier(folder / COPIER)
    if (folder / CRUFT).is_file():
        return _cruft(folder / CRUFT)
    return None


def _copier(path: Path) -> ForeignAnswers:
    content = _read(path, lambda path: read_document(path).data)
    source = content.get("_src_path")
    if not isinstance(source, str):
        raise _damaged(path, "it has no _src_path, so the template is not known")
    version = content.get("_commit")
    return ForeignAnswers(
        path.name, source, "", None if version is None else str(version), None, _public(content)
    )


def _cruft(path: Path) -> ForeignAnswers:
    content = _read(path, read_json)
    source, commit = content.get("template"), content.get("commit")
    if not isinstance(source, str) or not isinstance(commit, str):
        raise _damaged(path, "it does not say `template` and `commit`")
    context = _mapping(path, content.get("context"))
    answers = _public(_mapping(path, context.get("cookiecutter")))
    follows = content.get("checkout")
    return ForeignAnswers(
        path.name,
        source,
        str(content.get("directory") or ""),
        commit,
        str(follows) if follows and follows != commit else None,
        answers,
    )


def _public(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked: names that begin with an underscore are the tools' own, or computed."""
    return {name: value for name, value in answers.items() if not name.startswith("_")}


def _read(path: Path, read: Callable[[Path], Any]) -> Mapping[str, Any]:
    try:
        return _mapping(path, read(path))
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except DocumentError as error:
        raise _damaged(path, error.message) from error


def _mapping(path: Path, content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise _damaged(path, "it is not a mapping of names to answers")
    return content


def _damaged(path: Path, problem: str) -> ProjectError:
    return ProjectError(
        f"cannot use {path}: {problem}", hint="Repair it, or say with --source and --answers what it says."
    )
