"""Compare templates with their own tools: `python -m tools.fidelity FOLDER [--answers N] [--markdown]`.

FOLDER holds checkouts of Copier and Cookiecutter templates. Each is rendered by blueprint and by its own tool
with the defaults, and with answers that cover many pairs of choices: the files must have the same bytes and
the same executable bits. A repository is rendered at the version that its tool would choose. Hooks and tasks
do not run, and a template that renders only with its code is reported, not rendered.
"""

import argparse
import os
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass, field
from io import StringIO
from itertools import combinations, product
from pathlib import Path

import copier
import yaml
from cookiecutter.main import cookiecutter

from blueprint.errors import AnswersError, BlueprintError
from blueprint.patterns import (
    Boolean,
    Choice,
    Data,
    Interview,
    Option,
    Pattern,
    Text,
    Value,
    check_answers,
)
from blueprint.render import File, Tree
from blueprint.sources import find_pattern, scripts_of
from blueprint.sources.cookiecutter.template import CookiecutterPattern
from blueprint.sources.option_names import question_name
from blueprint.sources.scripted import ScriptedPattern

PROJECT = "my-shop"
NEEDED = ("Jinja extension", "filter ", "module ")
"""Kinds of code that rendering itself needs, unlike hooks, tasks and migrations."""

EXAMPLES = ("my_shop", "my-shop", "My Shop", "me@example.com", "https://example.com", "1", "1.0.0")
"""Answers to try for a question without a default."""

Answers = Mapping[str, Value]


@dataclass
class Comparison:
    """Result for one template. `files` is their number with the defaults; `why` explains what differs."""

    name: str
    kind: str = ""
    version: str = ""
    files: int = 0
    compared: int = 0
    refused: int = 0
    why: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def verdict(self) -> str:
        """The result in one word or two."""
        if self.skipped or not self.compared:
            return "not compared"
        return "different" if self.why else "same"


class ToolError(Exception):
    """The template's own tool fails."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.fidelity")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--answers", type=int, default=3, help="sets of answers in addition to the defaults")
    parser.add_argument("--markdown", action="store_true", help="print a table for the documentation")
    arguments = parser.parse_args()
    found = [folder for folder in sorted(arguments.folder.iterdir()) if folder.is_dir()]
    results = []
    for folder in found:
        results.append(compare(folder, arguments.answers))
        if not arguments.markdown:
            print(describe(results[-1]), flush=True)
    if arguments.markdown:
        print("\n".join(markdown(results)))
    print(", ".join(f"{number} {verdict}" for verdict, number in Counter(r.verdict for r in results).items()))
    sys.exit(any(result.verdict == "different" for result in results))


def compare(folder: Path, number: int) -> Comparison:
    """Compare the template in `folder` with `number` sets of answers in addition to the defaults."""
    result = Comparison(folder.name)
    source = f"git+file://{folder.resolve()}" if (folder / ".git").exists() else str(folder.resolve())
    try:
        pattern = find_pattern(source)
    except BlueprintError as error:
        result.skipped = f"blueprint refuses it: {error.message}"
        return result
    result.kind, result.version = pattern.origin.kind, pattern.origin.described or ""
    needed = [script.what for script in scripts_of(pattern) if script.what.startswith(NEEDED)]
    if needed:
        result.skipped = f"rendering needs its own code: {', '.join(needed)}"
        return result
    try:
        sets = [existing(pattern, {}), *several(pattern, number)]
    except BlueprintError as error:
        result.skipped = f"its questions cannot be answered: {error.message}"
        return result
    for answers in sets:
        _compare_answers(pattern, source, answers, result)
    return result


def _compare_answers(pattern: Pattern, source: str, answers: Answers, result: Comparison) -> None:
    shown = ", ".join(f"{name}={value}" for name, value in answers.items()) or "defaults"
    with tempfile.TemporaryDirectory() as scratch:
        try:
            theirs: Tree | str = by_tool(pattern, source, answers, Path(scratch, "one"))
        except ToolError as error:
            theirs = str(error)
        try:
            ours: Tree | str = by_blueprint(pattern, answers)
        except BlueprintError as error:
            ours = error.message
        if isinstance(ours, str) or isinstance(theirs, str):
            if isinstance(ours, str) and isinstance(theirs, str):
                result.refused += 1
                result.skipped = "" if result.compared else f"both fail: {theirs}"
            else:
                failed = f"blueprint: {ours}" if isinstance(ours, str) else f"{pattern.origin.kind}: {theirs}"
                result.compared += 1
                result.why.append(f"with {shown}, only one fails, {failed}")
            return
        result.compared += 1
        result.files, result.skipped = result.files or len(theirs), ""
        if ours != theirs:
            again = by_tool(pattern, source, answers, Path(scratch, "two"))
            result.why += (f"with {shown}: {each}" for each in differences(ours, theirs, again))


def differences(ours: Tree, theirs: Tree, again: Tree) -> Iterator[str]:
    """Explain each difference; a file that differs between two runs of the tool itself is random."""
    for path in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(path), theirs.get(path)
        if one == other or theirs.get(path) != again.get(path):
            continue
        if one is None or other is None:
            yield f"{path} only by {'blueprint' if other is None else 'the tool'}"
        elif one.content == other.content:
            yield f"{path} has another mode"
        else:
            pairs = zip(one.content.splitlines(), other.content.splitlines(), strict=False)
            line = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 0)
            yield f"{path} differs in line {line}"


def by_blueprint(pattern: Pattern, answers: Answers) -> Tree:
    """Render with blueprint, without hooks and tasks."""
    assert isinstance(pattern, ScriptedPattern)
    return pattern.render(check_answers(pattern, PROJECT, answers)).tree


def by_tool(pattern: Pattern, source: str, answers: Answers, scratch: Path) -> Tree:
    """Render with the template's own tool, without hooks and tasks. Raises ToolError."""
    scratch.mkdir()
    questions = {question_name(name): value for name, value in answers.items()}
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            if pattern.origin.kind == "copier":
                made = scratch / PROJECT
                copier.run_copy(
                    source, made, questions, defaults=True, quiet=True, unsafe=True, skip_tasks=True
                )
                return on_disk(made)
            assert isinstance(pattern, CookiecutterPattern)
            settings = scratch / "settings.yaml"
            settings.write_text(
                yaml.safe_dump({"cookiecutters_dir": str(scratch), "replay_dir": str(scratch)})
            )
            variables = pattern.template.variables
            made = cookiecutter(
                source,
                no_input=True,
                extra_context={
                    name: _as_in_the_template(variables.get(name), value) for name, value in questions.items()
                },
                output_dir=str(scratch / "made"),
                config_file=str(settings),
                accept_hooks=False,
            )
            return on_disk(Path(made))
    except (Exception, SystemExit) as error:
        raise ToolError(f"{type(error).__name__}: {error}"[:200]) from error


def _as_in_the_template(variable: object, value: Value) -> Value:
    """Return a choice as the template has it, which may be a number."""
    choices = variable if isinstance(variable, list) else []
    return next((each for each in choices if isinstance(each, int | float) and str(each) == value), value)


def on_disk(folder: Path) -> Tree:
    """Read every file below `folder`, except those in `.git`; a link counts as the file it leads to."""
    return {
        path.relative_to(folder).as_posix(): File(path.read_bytes(), os.access(path, os.X_OK))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def several(pattern: Pattern, number: int) -> Iterator[Answers]:
    """Yield sets of answers to the choices and booleans that cover as many pairs as possible."""
    candidates = {name: values for name, option in pattern.options.items() if (values := _values(option))}
    pairs = {
        frozenset(pair)
        for one, other in combinations(
            [[(name, value) for value in values] for name, values in candidates.items()], 2
        )
        for pair in product(one, other)
    }
    for _ in range(number):
        chosen: dict[str, Value] = {}
        for name, values in candidates.items():
            known = [*chosen.items()]
            chosen[name] = max(
                values, key=lambda value: sum(frozenset((each, (name, value))) in pairs for each in known)
            )
        pairs -= {frozenset(pair) for pair in combinations(chosen.items(), 2)}
        answers = existing(pattern, chosen)
        if answers:
            yield answers


def _values(option: object) -> Sequence[str | bool]:
    if isinstance(option, Boolean):
        return [not option.default, option.default]
    return [*option.choices][::-1] if isinstance(option, Choice) else []


def existing(pattern: Pattern, chosen: Mapping[str, Value]) -> Answers:
    """Return the `chosen` answers to questions that are asked, and answers to those without a default.

    Raises AnswersError if none of EXAMPLES answers such a question.
    """
    interview = pattern.interview(PROJECT)
    answers: dict[str, Value] = {}
    for name in pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        value = chosen.get(name, option.default)
        if isinstance(option, Choice) and value not in option.choices:
            value = option.default
        elif name in chosen:
            answers[name] = value
        try:
            if option.required and name not in answers:
                raise AnswersError(f"{name} has no default")
            interview.answer(name, value)
        except AnswersError:
            answers[name] = _first_accepted(interview, name, option)
    return answers


def _first_accepted(interview: Interview, name: str, option: Option) -> Value:
    candidates: Sequence[Value] = EXAMPLES
    if not isinstance(option, Text | Data):
        candidates = [*option.choices] if isinstance(option, Choice) else [option.default]
    for value in candidates:
        with suppress(AnswersError):
            interview.answer(name, value)
            return value
    raise AnswersError(f"{name} accepts none of {', '.join(map(str, candidates))}")


def describe(result: Comparison) -> str:
    """Return the result as one line, and each difference below it."""
    head = f"{result.name} {result.version} ({result.kind}): {result.verdict}, {result.files} files"
    lines = [f"{head}, {result.compared} sets of answers compared, {result.refused} refused by both"]
    return "\n  ".join((*lines, *([result.skipped] if result.skipped else []), *result.why))


def markdown(results: list[Comparison]) -> Iterator[str]:
    """Yield the lines of a table of all results."""
    yield "| template | version | tool | files | answers | result |"
    yield "|---|---|---|---|---|---|"
    for result in results:
        name = result.name.replace("--", "/")
        why = result.skipped or "; ".join(result.why)
        verdict = f"{result.verdict}: {why}" if why else result.verdict
        cells = (name, result.version, result.kind, str(result.files), str(result.compared), verdict)
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
