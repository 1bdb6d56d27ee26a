"""Golden trees: expected projects that are stored beside a pattern.

    tests/NAME/answers.yaml     the answers; `project: NAME` sets a project name other than my-shop
    tests/NAME/expected/        the project that these answers give

Secret files contain random values and are not stored.
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
from blueprint.project.naming import with_package_option
from blueprint.render import File, Tree, render
from blueprint.render.layers import all_files, read_layer_file

from .pairwise import PROJECT

FOLDER = "tests"
ANSWERS = "answers.yaml"
EXPECTED = "expected"


@dataclass(frozen=True)
class GoldenCase:
    """Comparison of a golden tree with the output of the pattern.

    `differences` lead from the golden tree to the output. `error` says why the two cannot be compared.
    `updated` means that the golden tree was replaced by the output.
    """

    name: str
    differences: tuple[Difference, ...] = ()
    error: str = ""
    updated: bool = False

    @property
    def passed(self) -> bool:
        """Whether the golden tree now equals the output of the pattern."""
        return not self.error and (self.updated or not self.differences)


def find_cases(pattern: Pattern) -> list[Path]:
    """The folders of the cases of `pattern`, sorted by name. Raises PatternError without a case."""
    folder = pattern.folder / FOLDER
    found = sorted(path.parent for path in folder.glob(f"*/{ANSWERS}"))
    if not found:
        raise PatternError(
            f"{folder} contains no golden trees",
            hint=f"Write answers to {FOLDER}/NAME/{ANSWERS}, then run the command with --update.",
        )
    return found


def compare_case(pattern: Pattern, folder: Path, *, update: bool) -> GoldenCase:
    """Compare the golden tree in `folder` with the output of `pattern`.

    With `update`, a tree that differs is replaced. Raises DiskError.
    """
    try:
        output = _without_secrets(render(pattern, _answers(pattern, folder / ANSWERS)).tree)
        expected = _read(folder / EXPECTED)
    except BlueprintError as error:
        return GoldenCase(folder.name, error=error.message)
    if expected is None and not update:
        return GoldenCase(folder.name, error=f"the tree {EXPECTED}/ is missing; create it with --update")
    differences = _differences(expected or {}, output)
    if update and (expected is None or differences):
        _replace(folder / EXPECTED, output)
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
        raise AnswersError(f"{path} is not a mapping of options to values")
    options: dict[str, Any] = {**content}
    name = project_name(str(options.pop("project", PROJECT)), unicode=pattern.unicode_names)
    return check_answers(with_package_option(pattern, name), name, options)


def _without_secrets(tree: Tree) -> Tree:
    return {path: file for path, file in tree.items() if not file.secret}


def _read(folder: Path) -> Tree | None:
    if not folder.is_dir():
        return None
    return {source.path: File(read_layer_file(source), source.executable) for source in all_files(folder)}


def _differences(expected: Tree, output: Tree) -> tuple[Difference, ...]:
    paths = sorted({*expected, *output})
    return tuple(
        difference(path, expected.get(path), output.get(path))
        for path in paths
        if expected.get(path) != output.get(path)
    )


def _replace(folder: Path, tree: Tree) -> None:
    """Replace the tree in `folder`; the old one is only deleted once the new one is complete."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    write(tree, fresh, before_commit=lambda: None)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
