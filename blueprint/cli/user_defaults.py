"""Defaults of the user: a file of values for options and needs that have no other answer."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from blueprint.errors import AnswersError, BlueprintError
from blueprint.suggest import did_you_mean
from blueprint.user_dirs import config_folder

from .console import format_value

if TYPE_CHECKING:
    from blueprint.patterns import Answers

T = TypeVar("T")

Section = Literal["options", "needs"]
_SECTIONS = ("options", "needs")
_HINT = "A file of defaults is YAML, with lines such as `options: {database: mysql}`."


class DefaultsOutput(TypedDict):
    """The user's file of defaults, and the names of the values that are from it."""

    path: str
    names: list[str]


@dataclass(frozen=True)
class UserDefaults:
    """Values of the user by name, and the line of the file that each is from."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """What a question says about a default that is from the file."""
        return f"(your default, from {shown_path()})"

    def checked(self, name: str, check: Callable[[Any], T]) -> T:
        """Return the value for `name` as `check` returns it. Raises what `check` raises, with the line."""
        try:
            return check(self.values[name])
        except BlueprintError as error:
            error.message = f"{shown_path()}, line {self.lines[name]}: {error.message}"
            raise


NO_DEFAULTS = UserDefaults()


def defaults_path() -> Path:
    """Return the path of the user's file of defaults; it may not exist."""
    return config_folder() / "defaults.yaml"


def shown_path() -> str:
    """Return the path of that file as people write it."""
    path, home = defaults_path(), Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def read_defaults(section: Section) -> UserDefaults:
    """Return one section of the user's file of defaults; empty without a file. Raises AnswersError."""
    if not os.path.lexists(defaults_path()):
        return NO_DEFAULTS
    # Most users have no such file, and without it a recommendation needs no YAML.
    from blueprint.documents import DocumentError, read_document

    try:
        document = read_document(defaults_path())
    except OSError as error:
        raise AnswersError(f"cannot read {shown_path()}: {error.strerror}", hint=_HINT) from error
    except DocumentError as error:
        raise _invalid(error.message, error.line) from error
    if not isinstance(document.data, dict):
        raise _invalid("expected the sections `options:` and `needs:`", 1)
    for name, values in document.data.items():
        if name not in _SECTIONS:
            raise _invalid(
                f"there is no section {name!r}{did_you_mean(str(name), _SECTIONS)}", document.line([name])
            )
        if not isinstance(values, dict | None):
            raise _invalid(f"{name}: expected `name: value` lines", document.line([name]))
    values = {str(name): value for name, value in (document.data.get(section) or {}).items()}
    return UserDefaults(values, {name: document.line([section, name]) for name in values})


def needs_defaults() -> UserDefaults:
    """Return the user's defaults for the inputs of a recommendation. Raises AnswersError or NeedsError."""
    defaults = read_defaults("needs")
    return replace(
        defaults, values={name: defaults.checked(name, partial(_need, name)) for name in defaults.values}
    )


def _need(name: str, value: Any) -> Any:
    from blueprint.needs.answers import check_answer, unknown_name
    from blueprint.needs.inputs import inputs

    if name not in inputs():
        raise unknown_name(name, name, [*inputs()])
    return check_answer(inputs()[name], value)


def defaults_as_json(names: Collection[str]) -> DefaultsOutput | None:
    """Return the file and the `names` of the values that are from it; None if there are none."""
    return {"path": str(defaults_path()), "names": sorted(names)} if names else None


def answer_lines(answers: "Answers") -> Iterator[str]:
    """Yield a line for each answer that is not secret; it says so if that is a default of the user."""
    for name, value in answers.remembered.items():
        source = f"  (from {shown_path()})" if name in answers.user_defaults else ""
        yield f"  {name}: {format_value(value)}{source}"


def _invalid(message: str, line: int | None) -> AnswersError:
    place = f", line {line}" if line else ""
    return AnswersError(f"{shown_path()}{place}: {message}", hint=_HINT)
