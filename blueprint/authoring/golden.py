"""Golden trees: projects as they should be, kept beside the pattern.

    tests/NAME/answers.yaml     the answers, with `project: NAME` if it is not my-shop
    tests/NAME/expected/        the project that they give

Secret files are random and are not kept.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.documents import DocumentError, read_document
from blueprint.errors import AnswersError, BlueprintError, PatternError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project import project_name, write
from blueprint.project.merge.difference import Difference, difference
from blueprint.render import File, Tree, render
from blueprint.render.layers import all_files, read_layer_file

from .pairwise import PROJECT

FOLDER = "tests"
ANSWERS = "answers.yaml"
EXPECTED = "expected"


@dataclass(frozen=True)
class GoldenCase:
    """A golden tree beside what the pattern gives: the way from the one to the other.

    `error` says why there is nothing to compare; `updated`, that the golden tree was written anew.
    """

    name: str
    differences: tuple[Difference, ...] = ()
    error: str = ""
    updated: bool = False

    @property
    def passed(self) -> bool:
        """Whether the golden tree is now what the pattern gives."""
        return not self.error and (self.updated or not self.differences)


def find_cases(pattern: Pattern) -> list[Path]:
    """The folders of the cases of `pattern`, by name. Raises PatternError if there is none."""
    folder = pattern.folder / FOLDER
    found = sorted(path.parent for path in folder.glob(f"*/{ANSWERS}"))
    if not found:
        raise PatternError(
            f"there is no case in {folder}",
            hint=f"Write some answers into {FOLDER}/NAME/{ANSWERS}, and run it with --update.",
        )
    return found


def compare_case(pattern: Pattern, folder: Path, *, update: bool) -> GoldenCase:
    """Compare one case with what `pattern` gives; write it anew if it differs and `update`.

    Raises DiskError.
    """
    try:
        made = _without_secrets(render(pattern, _answers(pattern, folder / ANSWERS)).tree)
        expected = _read(folder / EXPECTED)
    except BlueprintError as error:
        return GoldenCase(folder.name, error=error.message)
    if expected is None and not update:
        return GoldenCase(folder.name, error=f"there is no {EXPECTED} tree; --update writes it")
    differences = _differences(expected or {}, made)
    if update and (expected is None or differences):
        _replace(folder / EXPECTED, made)
        return GoldenCase(folder.name, differences, updated=True)
    return GoldenCase(folder.name, differences)


def _answers(pattern: Pattern, path: Path) -> Answers:
    try:
        content = read_document(path).data
    except OSError as error:
        raise AnswersError(f"cannot read {path}: {error.strerror}") from error
    except DocumentError as error:
        raise AnswersError(f"{path}: {error.message}") from error
    if not isinstance(content, Mapping):
        raise AnswersError(f"{path} is not a mapping of option to value")
    options: dict[str, Any] = {**content}
    name = options.pop("project", PROJECT)
    return check_answers(pattern, project_name(str(name)), options)


def _without_secrets(tree: Tree) -> Tree:
    return {path: file for path, file in tree.items() if not file.secret}


def _read(folder: Path) -> Tree | None:
    if not folder.is_dir():
        return None
    return {source.path: File(read_layer_file(source), source.executable) for source in all_files(folder)}


def _differences(expected: Tree, made: Tree) -> tuple[Difference, ...]:
    paths = sorted({*expected, *made})
    return tuple(
        difference(path, expected.get(path), made.get(path))
        for path in paths
        if expected.get(path) != made.get(path)
    )


def _replace(folder: Path, tree: Tree) -> None:
    """Put `tree` where the old one is; the old one goes only when the new one is whole."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    write(tree, fresh, before_commit=lambda: None)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
