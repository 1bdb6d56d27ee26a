"""The shape of pattern.yaml, and a pattern with where it came from.

The JSON Schema that we publish is made from these classes.
"""

from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from jinja2 import TemplateError
from msgspec import Meta, field
from msgspec.structs import replace

from blueprint.errors import AnswersError, PatternError
from blueprint.sandbox import LimitExceededError, Sandbox, explain, resource_limits

from .options import (
    Expression,
    Identifier,
    Interview,
    Line,
    Option,
    SemanticVersion,
    Slug,
    StrictPart,
    Text,
    Value,
)

TemplateKind = Literal["native", "copier", "cookiecutter"]
"""Whose template it is."""


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a pattern came from: enough to find it again, its newest version or a given one.

    `location` is a folder, a zip file or the URL of a git repository, as the user wrote it, and empty for a
    pattern of blueprint's own; `subfolder` is where in it the pattern lies. `ref` is the branch, tag or
    commit that was asked for, if one was, `commit` the one that it stood for (40 hexadecimal digits).
    `described` is what `git describe --tags` calls it. `digest` is the SHA-256 of what was fetched.
    """

    type: Literal["built-in", "installed", "folder", "zip", "git"] = "built-in"
    kind: TemplateKind = "native"
    location: str = ""
    subfolder: str = ""
    ref: str | None = None
    commit: str | None = None
    described: str | None = None
    digest: str | None = None


BUILT_IN = Origin()


class Layer(StrictPart, frozen=True, kw_only=True, rename={"source": "from"}):
    """A folder of files (`from`, relative to the pattern) and where they go in the project (`to`).

    With `each`, the layer is there once for each item of a list: the one key is the name that stands for the
    item in `to`, in `when` and in the files, the value is an expression for the list.
    """

    source: Line
    to: Line
    each: Annotated[dict[Identifier, Expression], Meta(min_length=1, max_length=1)] | None = None
    when: Expression | None = None


class PatternFile(StrictPart, frozen=True, kw_only=True):
    """The content of a pattern.yaml. `recommend` belongs to the recommender, which reads and checks it."""

    format: Literal[1]
    name: Slug
    title: Line
    summary: Line
    version: SemanticVersion
    layers: Annotated[list[Layer], Meta(min_length=1)]
    options: dict[Identifier, Option] = field(default_factory=dict)
    values: dict[Identifier, Expression] = field(default_factory=dict)
    run: Line
    test: Line
    look: list[Line] = field(default_factory=list)
    smoke: list[Line] = field(default_factory=list)
    recommend: dict[str, Any] = field(default_factory=dict)


class Pattern(PatternFile, frozen=True, kw_only=True):
    """A pattern.yaml together with where it is.

    `folder` holds the pattern.yaml; no layer may come from outside `root`. `origin` is what a project
    remembers of where the pattern came from.
    """

    folder: Path
    root: Path
    origin: Origin = BUILT_IN

    def interview(self, project: str) -> Interview:
        """Begin to answer the options, for a project of that name."""
        return NativeInterview(self, project)

    def has_option(self, name: str, options: Mapping[str, Value]) -> bool:
        """Whether the option `name` exists, given the `options` before it. Raises PatternError."""
        return condition_holds(self, name, options)


_FAILURES = (TemplateError, LimitExceededError, TypeError, ValueError, ArithmeticError)


class NativeInterview:
    """Conditions and defaults see the answers before them, templates the name of the project as well."""

    def __init__(self, pattern: "Pattern", project: str) -> None:
        self._pattern = pattern
        self._names: dict[str, Any] = {"project": project, "package": project.replace("-", "_")}
        self._answers: dict[str, Value] = {}

    def option(self, name: str) -> Option | None:
        """The option as it is now; a default that is a template is rendered."""
        if not condition_holds(self._pattern, name, self._answers):
            return None
        option = self._pattern.options[name]
        if isinstance(option, Text) and "{" in option.default:
            return replace(option, default=self._render(f"the default of option {name}", option.default))
        return option

    def answer(self, name: str, value: Value) -> None:
        """Remember `value`, unless the option's validator complains."""
        self._answers[name] = value
        option = self._pattern.options[name]
        if option.validator is None:
            return
        complaint = self._render(f"the validator of option {name}", option.validator).strip()
        if complaint:
            what = "what was given" if option.secret else repr(value)
            raise AnswersError(f"{what} is no value for {name}: {complaint}", hint="Answer it differently.")

    def _render(self, what: str, template: str) -> str:
        try:
            with resource_limits():
                return Sandbox().from_string(template).render(self._names, **self._answers)
        except _FAILURES as error:
            raise PatternError(f"{self._pattern.folder}: {what}: {explain(error)}") from error


def condition_holds(pattern: "Pattern", name: str, options: Mapping[str, Value]) -> bool:
    """Whether the `when` of the option `name` holds with `options`. Raises PatternError."""
    when = pattern.options[name].when
    if when is None:
        return True
    try:
        with resource_limits():
            return bool(Sandbox().evaluate(when, dict(options)))
    except _FAILURES as error:
        place = f"{pattern.folder}: the condition of option {name} ({when})"
        raise PatternError(f"{place}: {explain(error)}") from error


SCHEMA_FILE = Path(__file__).with_name("pattern.schema.json")
"""The published schema. A test keeps it equal to `json_schema()`."""


def json_schema() -> dict[str, Any]:
    """The schema that the classes of the model make (JSON Schema 2020-12)."""
    schema = msgspec.json.schema(PatternFile)
    for definition in schema["$defs"].values():
        if "description" in definition:
            # Python before 3.13 leaves the indentation in docstrings.
            definition["description"] = cleandoc(definition["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "blueprint pattern.yaml",
        **schema,
    }
