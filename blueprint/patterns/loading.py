"""Find patterns by name or folder, and load them; errors name the file, the line and the part."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from blueprint.documents import Document, DocumentError, read_document
from blueprint.errors import AnswersError, PatternError, UnknownPatternError
from blueprint.schema_errors import problem_and_part
from blueprint.suggest import did_you_mean

from .answers import check_value
from .model import Pattern, PatternFile
from .options import FORMS, Option, Text, TextList

PATTERN_FILE = "pattern.yaml"

_PACKAGE = Path(__file__).resolve().parent.parent

_JINJA = "and else false if import in include is not none or recursive true with without context"


@cache
def _reserved() -> frozenset[str]:
    """The names that templates already have, some of them from Jinja."""
    from jinja2.defaults import DEFAULT_NAMESPACE

    return frozenset({"project", "package", "pattern", "secret", *DEFAULT_NAMESPACE, *_JINJA.split()})


class PatternFileError(PatternError):
    """An invalid part of the pattern.yaml at `path`: the `problem`, and its `line` (1-based)."""

    def __init__(self, path: Path, line: int, problem: str, hint: str) -> None:
        super().__init__(f"{_place(path, line)} {problem}", hint=hint)
        self.path = path
        self.line = line
        self.problem = problem


def templates_root() -> Path:
    """Return the folder of the built-in patterns: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def pattern_names() -> list[str]:
    """Return the names of the built-in patterns, sorted."""
    return sorted(path.parent.name for path in templates_root().glob(f"*/{PATTERN_FILE}"))


def list_patterns() -> list[Pattern]:
    """Load all built-in patterns, sorted by name."""
    return [_built_in(name) for name in pattern_names()]


def find_pattern(name: str) -> Pattern:
    """Load the built-in pattern `name`, or the pattern in the folder `name` if that is a path.

    Raises UnknownPatternError or PatternError.
    """
    if "/" in name or name in (".", ".."):
        return _in_folder(Path(name))
    known = pattern_names()
    if name in known:
        return _built_in(name)
    raise UnknownPatternError(
        f"there is no pattern {name!r}{did_you_mean(name, known)}",
        hint=f"Known patterns: {', '.join(known)}. To use a folder, write ./{name}",
    )


def _built_in(name: str) -> Pattern:
    root = templates_root()
    return load_pattern(root / name, root)


def _in_folder(folder: Path) -> Pattern:
    if not (folder / PATTERN_FILE).is_file():
        raise UnknownPatternError(
            f"there is no pattern in {folder}",
            hint=f"Use a folder that contains a {PATTERN_FILE}.",
        )
    return load_pattern(folder.resolve())


def load_pattern(folder: Path, root: Path | None = None) -> Pattern:
    """Load the pattern in `folder`. Raises PatternError.

    Its layers must be inside `root`, by default the folder itself.
    """
    path = folder / PATTERN_FILE
    try:
        document = read_document(path)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except DocumentError as error:
        raise PatternError(f"{_place(path, error.line)} {error.message}", hint=_HINT) from error
    content = _convert(path, document)
    first_error = next(semantic_errors(path, document, content), None)
    if first_error:
        raise first_error
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    return Pattern(folder=folder, root=root or folder, **fields)


_HINT = "See docs/reference/pattern-format.md, or let an editor check the file against pattern.schema.json."


def _convert(path: Path, document: Document) -> PatternFile:
    try:
        return msgspec.convert(document.data, PatternFile)
    except msgspec.ValidationError as error:
        message, where = locate_error(document.data, error)
        place = _place(path, document.line(where))
        part = ".".join(str(step) for step in where)
        raise PatternError(f"{place}{f' in {part}:' if part else ''} {message}", hint=_HINT) from error


def locate_error(data: Any, error: msgspec.ValidationError) -> tuple[str, list[str | int]]:
    """Return what is wrong with `data`, and the path to it; msgspec does not name the option in the path."""
    message, steps = problem_and_part(error, FORMS)
    if " - at `$.options[...]" in str(error):
        steps.insert(1, next(name for name, option in data["options"].items() if not _is_option(option)))
    return message, steps


def _is_option(data: Any) -> bool:
    try:
        msgspec.convert(data, Option)
    except msgspec.ValidationError:
        return False
    return True


def _place(path: Path, line: int | None) -> str:
    return f"{path}, line {line}:" if line else f"{path}:"


def semantic_errors(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find errors that the schema cannot express: names, lists and defaults that conflict."""
    yield from _missing_parts(path, document, content)
    yield from _name_conflicts(path, document, content)
    yield from _duplicate_lists(path, document, content)
    yield from _invalid_defaults(path, document, content)


def _missing_parts(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find a pattern without files, tasks that do not say what to run, and migrations that do nothing."""
    if not content.layers and not content.include:
        yield PatternFileError(
            path, document.line(["layers"]), "in layers: add one, or include another pattern", _HINT
        )
    for number, task in enumerate(content.tasks):
        if (task.run is None) == (task.script is None):
            line = document.line(["tasks", number])
            yield PatternFileError(path, line, "a task needs either `run` or `script`", _HINT)
    for number, migration in enumerate(content.migrations):
        if migration.script is None and migration.brief is None:
            line = document.line(["migrations", number])
            yield PatternFileError(path, line, "a migration needs a `script` or a `brief`", _HINT)


def _name_conflicts(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find names that are reserved or used twice: templates see options, values and items as variables."""
    for section in ("options", "values"):
        for name in getattr(content, section):
            if name in _reserved() or (section == "values" and name in content.options):
                yield _name_conflict(path, document, name, [section, name])
    for number, layer in enumerate(content.layers):
        for name in layer.each or ():
            if name in _reserved() or name in content.options or name in content.values:
                yield _name_conflict(path, document, name, ["layers", number, "each"])


def _name_conflict(path: Path, document: Document, name: str, where: list[str | int]) -> PatternFileError:
    return PatternFileError(path, document.line(where), f"the name {name} is taken; choose another", _HINT)


def _duplicate_lists(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find lists with the same `item`: `blueprint add ITEM NAME` could not choose between them."""
    lists: dict[str, str] = {}
    for name, option in content.options.items():
        if isinstance(option, TextList) and option.item and lists.setdefault(option.item, name) != name:
            line = document.line(["options", name, "item"])
            problem = (
                f"the option {lists[option.item]} already has the item {option.item}; choose another one"
            )
            yield PatternFileError(path, line, problem, _HINT)


def _invalid_defaults(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    for name, option in content.options.items():
        if isinstance(option, Text) and "{" in option.default:
            # The rendered default must have the format, not the template.
            option = replace(option, format=None)
        defaults = [(["default"], option.default)]
        defaults += [(["default_if", condition], value) for condition, value in option.default_if.items()]
        for place, default in defaults:
            try:
                check_value(name, option, default)
            except AnswersError as error:
                line = document.line(["options", name, *place])
                yield PatternFileError(path, line, error.message, error.hint)
