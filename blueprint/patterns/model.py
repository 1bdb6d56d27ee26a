"""Model of pattern.yaml, and of a loaded pattern with its origin.

The published JSON Schema is generated from these classes.
"""

import re
import unicodedata
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field
from msgspec.structs import replace

from blueprint.errors import AnswersError

from .options import (
    Expression,
    Identifier,
    Interview,
    Line,
    Message,
    Option,
    SemanticVersion,
    Slug,
    StrictPart,
    Text,
    Value,
    quote_value,
)

TemplateKind = Literal["native", "copier", "cookiecutter"]
"""The tool that a template is written for; `native` is blueprint itself."""


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a pattern came from, in enough detail to find it again in this or another version.

    `location` is a folder, a zip file or a git URL as the user wrote it, and empty for built-in patterns;
    `subfolder` is the folder of the pattern within it. `ref` is the requested branch, tag or commit, if any,
    and `commit` the commit that it referred to (40 hexadecimal digits). `described` is the output of
    `git describe --tags`. `digest` is the SHA-256 of everything that was fetched.
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
    """A folder of files (`from`, relative to the pattern) and its destination in the project (`to`).

    `each` repeats the layer for every item of a list: its key names the item in `to`, in `when` and in the
    files, and its value is an expression for the list. `replace` replaces literal texts in the files that are
    not templates and in their paths; its values are templates. `only` lists the files and folders that are
    taken; without it, all are.
    """

    source: Line
    to: Line
    each: Annotated[dict[Identifier, Expression], Meta(min_length=1, max_length=1)] | None = None
    when: Expression | None = None
    replace: dict[Line, Line] = field(default_factory=dict)
    only: list[Line] = field(default_factory=list)


class IncludedLayer(Layer, frozen=True, kw_only=True):
    """A layer of an included pattern, whose `folder` and `root` it uses.

    `depth` is 1 for a pattern that is included directly. On the same path, the smallest depth wins; layers
    of the pattern itself have 0.
    """

    folder: Path
    root: Path
    depth: int


class Messages(StrictPart, frozen=True, kw_only=True):
    """Texts for the user. They are templates; the first and the third know only project, package and pattern.

    `before_new` and `before_update` are shown before the questions, `after_new` and `after_update` when the
    files are written.
    """

    before_new: Message = ""
    after_new: Message = ""
    before_update: Message = ""
    after_update: Message = ""


class Task(StrictPart, frozen=True, kw_only=True):
    """A command line (`run`) or a `script` of the pattern that runs on the rendered files, if it is trusted.

    It runs only where the condition `when` holds.
    """

    run: Line | None = None
    script: Line | None = None
    when: Expression | None = None


class Migration(StrictPart, frozen=True, kw_only=True):
    """What an update from an older version than `version` takes.

    The `script` runs on the files of the project, if it is trusted, before or after the new files are merged
    (`stage`). The `brief` is a Markdown file for the person or agent who does the rest.
    """

    version: SemanticVersion
    script: Line | None = None
    stage: Literal["before", "after"] = "after"
    brief: Line | None = None


class Requirement(StrictPart, frozen=True, kw_only=True):
    """What the commands of the project need on a machine: a JDK of at least this version.

    It is needed only where the condition `when` holds.
    """

    jdk: Annotated[int, Meta(ge=8)]
    when: Expression | None = None


class PatternFile(StrictPart, frozen=True, kw_only=True):
    """The content of a pattern.yaml. The recommender validates `recommend` itself.

    `include` names patterns, by relative paths or as they are installed, whose options, values, layers and
    tasks this pattern has as well. With `unicode_names`, the name of a project may have letters other than
    ASCII. If its package cannot be written with ASCII letters, that is one more question.
    """

    format: Literal[1]
    name: Slug
    title: Line
    summary: Line
    version: SemanticVersion
    include: list[Line] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    options: dict[Identifier, Option] = field(default_factory=dict)
    values: dict[Identifier, Expression] = field(default_factory=dict)
    run: Line
    test: Line
    look: list[Line] = field(default_factory=list)
    smoke: list[Line] = field(default_factory=list)
    requires: list[Requirement] = field(default_factory=list)
    recommend: dict[str, Any] = field(default_factory=dict)
    messages: Messages = field(default_factory=Messages)
    unicode_names: bool = False
    tasks: list[Task] = field(default_factory=list)
    migrations: list[Migration] = field(default_factory=list)


class Pattern(PatternFile, frozen=True, kw_only=True):
    """A loaded pattern, with its location.

    `folder` contains the pattern.yaml, and all layers must be inside `root`. Projects store the `origin`.
    `included` are all patterns that it includes, directly or not; it has their options, values and layers.
    """

    folder: Path
    root: Path
    origin: Origin = BUILT_IN
    included: tuple["Pattern", ...] = ()

    def interview(self, project: str) -> Interview:
        """Start answering the options for a project named `project`."""
        return NativeInterview(self, project)

    def has_option(self, name: str, options: Mapping[str, Value]) -> bool:
        """Return whether the option `name` exists, given the `options` before it. Raises PatternError."""
        return condition_holds(self, name, options)


_LATIN = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "ħ": "h",
    }
)
"""Latin letters that Unicode does not decompose into an ASCII letter and a mark."""


def package_name(project: str) -> str:
    """Return the package of `project`: `käse-laden` becomes `kase_laden`.

    Letters that are not Latin stay, so that the result of such a name is not a valid package.
    """
    decomposed = unicodedata.normalize("NFKD", project.translate(_LATIN))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return letters.replace("-", "_")


def is_package_name(text: str) -> bool:
    """Return whether `text` has the form of a package; `package_name` cannot derive one from every name."""
    return re.fullmatch(r"[a-z][a-z0-9_]*", text) is not None


class NativeInterview:
    """Interview of a native pattern.

    Conditions see the earlier answers. Templates of defaults and validators see the project name as well.
    """

    def __init__(self, pattern: "Pattern", project: str) -> None:
        self._pattern = pattern
        self._names: dict[str, Any] = {"project": project, "package": package_name(project)}
        self._answers: dict[str, Value] = {}

    def option(self, name: str) -> Option | None:
        """Return the option with its default computed, or None if its condition does not hold."""
        if not condition_holds(self._pattern, name, self._answers):
            return None
        option = self._pattern.options[name]
        for condition, default in option.default_if.items():
            if _is_true(self._pattern, condition, self._answers, f"a default of option {name}"):
                return replace(option, default=default)
        if isinstance(option, Text) and "{" in option.default:
            return replace(option, default=self._render(f"the default of option {name}", option.default))
        return option

    def answer(self, name: str, value: Value) -> None:
        """Store `value` for later options. Raises AnswersError if the option's validator rejects it."""
        self._answers[name] = value
        option = self._pattern.options[name]
        if option.validator is None:
            return
        problem = self._render(f"the validator of option {name}", option.validator).strip()
        if problem:
            shown = quote_value(value, secret=option.secret)
            raise AnswersError(f"{shown} is not valid for {name}: {problem}", hint="Use a different value.")

    def _render(self, what: str, template: str) -> str:
        from blueprint.templating import render_text

        return render_text(template, {**self._names, **self._answers}, f"{self._pattern.folder}: {what}")


def condition_holds(pattern: "Pattern", name: str, options: Mapping[str, Value]) -> bool:
    """Return whether the condition of the option `name` holds for `options`. Raises PatternError."""
    when = pattern.options[name].when
    return when is None or _is_true(pattern, when, options, f"the condition of option {name}")


def _is_true(pattern: "Pattern", condition: str, options: Mapping[str, Value], what: str) -> bool:
    # Imported here because it takes longer to load than a list of patterns to read.
    from blueprint.templating import condition_is_true

    return condition_is_true(condition, options, f"{pattern.folder}: {what} ({condition})")


SCHEMA_FILE = Path(__file__).with_name("pattern.schema.json")
"""The published schema; a test compares it with `json_schema()`."""


def json_schema() -> dict[str, Any]:
    """Generate the schema of pattern.yaml from the model (JSON Schema 2020-12)."""
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
