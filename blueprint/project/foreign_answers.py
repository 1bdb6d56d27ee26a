"""Answers files that Copier and cruft keep in the projects they generate."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from blueprint.documents import DocumentError, read_document, read_json
from blueprint.errors import ProjectError
from blueprint.sources.sanitize import slug

from .state import MAIN, is_template_name

CRUFT = ".cruft.json"

_COPIER = re.compile(r"\.copier-answers(?:\.(?P<name>.+))?\.ya?ml")


@dataclass(frozen=True)
class ForeignAnswers:
    """The template, version and answers from which another tool generated a project.

    `path` is the answers file, relative to the project. `follows` is the branch or tag that updates use, if
    the file names one.
    """

    path: str
    source: str
    subfolder: str
    version: str | None
    follows: str | None
    answers: Mapping[str, Any]


def read_foreign_answers(folder: Path) -> Mapping[str, ForeignAnswers]:
    """Read the answers files of Copier or cruft in `folder`, by the names of the templates: "main" first.

    Copier has one file for each template. Raises ProjectError.
    """
    names = template_names(path.name for path in folder.glob(".copier-answers*") if path.is_file())
    if names:
        return {name: _copier(folder / file) for name, file in names.items()}
    return {MAIN: _cruft(folder / CRUFT)} if (folder / CRUFT).is_file() else {}


def template_names(files: Iterable[str]) -> Mapping[str, str]:
    """Return the answers files of Copier among `files`, by the names of the templates: "main" first.

    The first is `.copier-answers.yml` or, without that, `.copier-answers.main.yml` or the first by name.
    """
    found = [(match["name"] or "", file) for file in files if (match := _COPIER.fullmatch(file))]
    names: dict[str, str] = {}
    for text, file in sorted(found, key=lambda each: (each[0] != "", each[0] != MAIN, each)):
        names[_free_name(text, names) if names else MAIN] = file
    return names


def answers_file(template: str, files: Iterable[str]) -> str | None:
    """Return the path for the answers file of Copier for a `template` that wrote `files`.

    A template that was adopted keeps its file. None stands for Copier's default.
    """
    written = [*template_names(files).values()]
    if len(written) == 1:
        return written[0]
    return None if template == MAIN else f".copier-answers.{template}.yml"


def _free_name(text: str, names: Iterable[str]) -> str:
    """Derive the name of a template from the part of its answers file that names it."""
    name = slug(text)
    tries = chain([name], (f"{name[:60]}-{number}" for number in count(2)))
    return next(each for each in tries if is_template_name(each) and each not in names)


def _copier(path: Path) -> ForeignAnswers:
    content = _read(path, lambda path: read_document(path).data)
    source = content.get("_src_path")
    if not isinstance(source, str):
        raise _damaged(path, "`_src_path` is missing, so the template is unknown")
    version = content.get("_commit")
    return ForeignAnswers(
        path.name, source, "", None if version is None else str(version), None, _public(content)
    )


def _cruft(path: Path) -> ForeignAnswers:
    content = _read(path, read_json)
    source, commit = content.get("template"), content.get("commit")
    if not isinstance(source, str) or not isinstance(commit, str):
        raise _damaged(path, "`template` or `commit` is missing")
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
    """Drop names that start with an underscore: they are settings of the tool or computed values."""
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
        raise _damaged(path, "it is not a mapping of names to values")
    return content


def _damaged(path: Path, problem: str) -> ProjectError:
    return ProjectError(
        f"cannot use {path}: {problem}",
        hint="Repair it, or name the template with --source and the answers with --answers.",
    )
