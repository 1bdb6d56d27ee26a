"""Results of the commands of `blueprint pattern`, except check and test."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from blueprint.patterns import Pattern, describe_values, explain_option
from blueprint.sources import is_partial, scripts_of
from blueprint.sources.catalogue import BUILT_IN_SOURCE
from blueprint.sources.user_patterns import PatternEntry

from ..console import Console, format_value, pluralize

if TYPE_CHECKING:
    # Checking a pattern needs half of the package, and listing patterns does not.
    from blueprint.authoring.package import PackedPattern


@dataclass(frozen=True)
class PatternList:
    """Patterns that are available, or that were added or removed; `done` is the word for that.

    `problems` describe installed patterns that cannot be used.
    """

    patterns: tuple[PatternEntry, ...]
    done: str = ""
    problems: tuple[str, ...] = ()

    def as_json(self) -> Mapping[str, Any]:
        """Return name, title, summary, version, kind and source of each pattern, and the problems."""
        return {"patterns": msgspec.to_builtins(self.patterns), "problems": list(self.problems)}

    def describe(self, console: Console) -> None:
        """Print one line for each pattern, with its source unless it is built in."""
        for pattern in self.patterns:
            source = "" if pattern.source == BUILT_IN_SOURCE else f"  ({pattern.source})"
            console.line(f"{self.done}{pattern.name:<16} {pattern.version:<8} {pattern.summary}{source}")
        for problem in self.problems:
            console.line(f"Warning: {problem}; update or uninstall its package.")


@dataclass(frozen=True)
class PatternDetails:
    """Definition, origin and code of one pattern."""

    pattern: Pattern

    def as_json(self) -> Mapping[str, Any]:
        """Return the definition of the pattern, its origin, and the code that it runs."""
        content = {name: getattr(self.pattern, name) for name in _SHOWN_FIELDS}
        shown = {**content, "origin": self.pattern.origin, "code": scripts_of(self.pattern)}
        return {name: msgspec.to_builtins(value) for name, value in shown.items()}

    def describe(self, console: Console) -> None:
        """Print the origin, the options with their explanations, and the code."""
        console.line(f"{self.pattern.title} ({self.pattern.name} {self.pattern.version})")
        console.line(self.pattern.summary)
        self._describe_origin(console)
        for name, option in self.pattern.options.items():
            console.line()
            default = "required" if option.required else format_value(option.default)
            console.line(f"{name}: {describe_values(option)}  [{default}]")
            console.line(f"  {option.question}")
            for line in explain_option(option):
                console.line(f"  {line}")
            for condition, default in option.default_if.items():
                console.line(f"  ({format_value(default)} by default when {condition})")
            if option.when:
                console.line(f"  (only when {option.when})")
        for script in scripts_of(self.pattern):
            console.line()
            console.code(f"runs {script.what}", script.text)

    def _describe_origin(self, console: Console) -> None:
        origin = self.pattern.origin
        if origin.location:
            below = f"#{origin.subfolder}" if origin.subfolder else ""
            commit = f", commit {origin.commit}" if origin.commit else ""
            console.line(f"From {origin.location}{below}{commit} ({origin.kind})")
        if scripts_of(self.pattern):
            console.line(f"This pattern runs its own code, shown below. Its digest: {origin.digest}")
        if is_partial(self.pattern):
            console.line("Some questions need that code. They are shown as the template writes them.")


_SHOWN_FIELDS = (
    "format",
    "name",
    "title",
    "summary",
    "version",
    "options",
    "run",
    "test",
    "look",
    "smoke",
    "recommend",
)


@dataclass(frozen=True)
class PatternInitResult:
    """Starter pattern that was created."""

    name: str
    folder: Path
    paths: Sequence[str]

    def as_json(self) -> Mapping[str, Any]:
        """Return the name of the pattern, its folder, and its files."""
        return {"name": self.name, "path": str(self.folder.absolute()), "files": [*self.paths]}

    def describe(self, console: Console) -> None:
        """Print a tree of the files, and the commands to try next."""
        console.line(f"Created the pattern {self.name}, {pluralize(len(self.paths), 'file')}")
        console.tree(str(self.folder), self.paths)
        console.line()
        for verb, purpose in (("check", "report problems"), ("test", "compare its golden trees")):
            console.line(f"  {f'blueprint pattern {verb} {self.folder}':<40} # {purpose}")


@dataclass(frozen=True)
class PatternPackResult:
    """Pattern that was packed into one file."""

    packed: "PackedPattern"

    def as_json(self) -> Mapping[str, Any]:
        """Return the pattern, the path of the package, and the number of files in it."""
        packed = self.packed
        return {
            "pattern": {"name": packed.pattern.name, "version": packed.pattern.version},
            "path": str(packed.path.absolute()),
            "bytes": packed.size,
            "files": packed.files,
            "bundled_files": packed.bundled,
        }

    def describe(self, console: Console) -> None:
        """Print what was packed, and the commands that use the package."""
        packed = self.packed
        name = f"{packed.pattern.name} {packed.pattern.version}"
        bundled = f", {packed.bundled} of them from shared layers" if packed.bundled else ""
        console.line(f"Packed {name}: {pluralize(packed.files, 'file')}{bundled}")
        path = shlex.quote(str(packed.path))
        if packed.path.suffix == ".whl":
            console.line(f"  pip install {path}")
            console.line(f"  blueprint new my-shop --pattern {packed.pattern.name}")
        else:
            console.line(f"  blueprint new my-shop --pattern {path}")
