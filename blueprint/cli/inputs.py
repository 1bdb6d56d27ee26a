"""What the command line and the answers file say, brought together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blueprint.documents import DocumentError, read_document
from blueprint.errors import AnswersError
from blueprint.patterns import Pattern, parse_value


@dataclass(frozen=True)
class AnswersFile:
    """An answers file: perhaps a pattern, perhaps a name, and values for options."""

    pattern: str | None = None
    project: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def read_answers_file(path: Path) -> AnswersFile:
    """Read an answers file: a YAML mapping of option to value, with `pattern` and `project` if wanted.

    What Copier remembers (.copier-answers.yml) is one, too, and what Cookiecutter does (its replay files are
    JSON); the names that they keep for themselves begin with `_`. Raises AnswersError.
    """
    hint = "It is a YAML file with lines such as `database: mysql`."
    try:
        content = read_document(path).data
    except OSError as error:
        raise AnswersError(f"cannot read {path}: {error.strerror}", hint=hint) from error
    except DocumentError as error:
        line = f", line {error.line}" if error.line else ""
        raise AnswersError(f"{path}{line}: {error.message}", hint=hint) from error
    if not isinstance(content, dict):
        raise AnswersError(f"{path} is not a mapping of option to value", hint=hint)
    replayed = content.get("cookiecutter", content if "_src_path" in content else None)
    answers = content
    if isinstance(replayed, dict):
        from blueprint.sources.option_names import option_names

        answers = option_names(replayed)
    options = {str(name): value for name, value in answers.items() if not str(name).startswith("_")}
    return AnswersFile(_pop_word(path, options, "pattern"), _pop_word(path, options, "project"), options)


def options_from_flags(
    pattern: Pattern, flags: Mapping[str, str | bool], sets: tuple[str, ...]
) -> dict[str, Any]:
    """The options that were set on the command line. Raises AnswersError, also where one is set twice."""
    options: dict[str, Any] = dict(flags)
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise AnswersError(f"--set {text} has no value", hint="Write --set option=value.")
        if name in options:
            raise AnswersError(f"{name} is set twice", hint="Set it once.")
        option = pattern.options.get(name)
        options[name] = parse_value(name, option, value) if option else value
    return options


def _pop_word(path: Path, options: dict[str, Any], name: str) -> str | None:
    value = options.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise AnswersError(f"{path}: {name} is not a word", hint=f"Write `{name}: ...`.")
    return value
