"""Answers from the command line, from an answers file, and from the user's defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from blueprint.documents import DocumentError, read_document
from blueprint.errors import AnswersError
from blueprint.patterns import NO_ANSWER, Option, Pattern, check_value, list_patterns, parse_value
from blueprint.suggest import did_you_mean

from .user_defaults import UserDefaults, read_defaults, shown_path


@dataclass(frozen=True)
class AnswersFile:
    """Content of an answers file: values of options, and optionally a pattern and a project name."""

    pattern: str | None = None
    project: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def read_answers_file(path: Path) -> AnswersFile:
    """Read an answers file: a YAML mapping of options to values, with optional `pattern` and `project`.

    Copier's .copier-answers.yml and Cookiecutter's replay files (JSON) work too. Names that begin with `_`
    are internal to these tools and are ignored. Raises AnswersError.
    """
    hint = "An answers file is YAML, with lines such as `database: mysql`."
    try:
        content = read_document(path).data
    except OSError as error:
        raise AnswersError(f"cannot read {path}: {error.strerror}", hint=hint) from error
    except DocumentError as error:
        line = f", line {error.line}" if error.line else ""
        raise AnswersError(f"{path}{line}: {error.message}", hint=hint) from error
    if not isinstance(content, dict):
        raise AnswersError(f"{path} is not a mapping of options to values", hint=hint)
    replayed = content.get("cookiecutter", content if "_src_path" in content else None)
    answers = content
    if isinstance(replayed, dict):
        from blueprint.sources.option_names import option_names

        answers = option_names(replayed)
    options = {str(name): value for name, value in answers.items() if not str(name).startswith("_")}
    return AnswersFile(_pop_text(path, options, "pattern"), _pop_text(path, options, "project"), options)


def options_from_flags(
    pattern: Pattern, flags: Mapping[str, str | bool], sets: tuple[str, ...]
) -> dict[str, Any]:
    """Combine the options of named flags, such as --cache, with those of --set.

    Raises AnswersError, also if an option is set twice.
    """
    for name, value in flags.items():
        _check_flag(pattern, name, value)
    options: dict[str, Any] = dict(flags)
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise AnswersError(f"--set {text} has no value", hint=f"Write --set {text}=VALUE.")
        if name in options:
            where = f"with {_flag(name, flags[name])} or with --set" if name in flags else "with one --set"
            raise AnswersError(f"{name} is set twice", hint=f"Set it once, {where}.")
        option = pattern.options.get(name)
        options[name] = _set_value(pattern, name, option, value) if option else value
    return options


def option_defaults(pattern: Pattern, given: Mapping[str, Any]) -> UserDefaults:
    """Return the user's defaults for the options of `pattern` that are not `given`. Raises AnswersError."""
    defaults = read_defaults("options")
    names = [name for name in defaults.values if name in pattern.options and name not in given]
    return replace(
        defaults, values={name: defaults.checked(name, partial(_public, pattern, name)) for name in names}
    )


def misspelled_defaults(pattern: Pattern) -> Iterator[str]:
    """Yield a warning for each default of the user that looks like a misspelled option of `pattern`.

    The file serves all patterns, so options of other built-in patterns are not named. Raises AnswersError.
    """
    defaults = read_defaults("options")
    unknown = [name for name in defaults.values if name not in pattern.options]
    suggestions = {name: text for name in unknown if (text := did_you_mean(name, pattern.options))}
    # The patterns are loaded only if a name is close to an option, and once.
    elsewhere = {name for other in list_patterns() for name in other.options} if suggestions else set()
    for name, suggestion in suggestions.items():
        if name not in elsewhere:
            line = defaults.lines[name]
            yield f"{shown_path()}, line {line}: {pattern.name} has no option {name!r}{suggestion}"


def default_of(defaults: UserDefaults, name: str, option: Option) -> Any:
    """Return the user's default of an option, or NO_ANSWER. Raises AnswersError."""
    if name not in defaults.values:
        return NO_ANSWER
    return defaults.checked(name, partial(check_value, name, option))


def _public(pattern: Pattern, name: str, value: Any) -> Any:
    """Return a default in the type of its option, which must not be secret. Raises AnswersError."""
    option = pattern.options[name]
    if option.secret:
        raise AnswersError(
            f"{name} is secret, and a file of defaults is not",
            hint=f"Remove the line, and answer when you are asked, or with --set {name}=VALUE.",
        )
    return _checked(pattern, name, option, value)


def _check_flag(pattern: Pattern, name: str, value: str | bool) -> None:
    """Refuse a wrong flag under the name that the user typed: later errors name the option instead."""
    flag, option = _flag(name, value), pattern.options.get(name)
    if option is None:
        raise AnswersError(
            f"the pattern {pattern.name} has no option for {flag}",
            hint=f"Its options: {', '.join(pattern.options) or 'none'}.",
        )
    _checked(pattern, flag, option, value)


def _set_value(pattern: Pattern, name: str, option: Option, text: str) -> Any:
    typed = f"--set {name}"
    return _checked(pattern, typed, option, parse_value(typed, option, text))


def _checked(pattern: Pattern, typed: str, option: Option, value: Any) -> Any:
    """Return a value in the type of its option; `typed` is what an error names. Raises AnswersError."""
    # The choices of a Copier or Cookiecutter template may depend on other answers, which are not known yet.
    return check_value(typed, option, value) if pattern.origin.kind == "native" else value


def _flag(name: str, value: str | bool) -> str:
    return f"--{'no-' if value is False else ''}{name.replace('_', '-')}"


def _pop_text(path: Path, options: dict[str, Any], name: str) -> str | None:
    value = options.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise AnswersError(f"{path}: {name} must be text", hint=f"Write `{name}: {name.upper()}`.")
    return value
