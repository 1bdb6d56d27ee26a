"""All templates and expressions of a pattern, from its files and its pattern.yaml, each read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from blueprint import patterns
from blueprint.documents import Document
from blueprint.errors import BlueprintError, HostilePatternError
from blueprint.patterns import Layer, Option, Pattern
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.render.layers import (
    PARTS,
    SUFFIX,
    LayerFile,
    all_files,
    layer_folder,
    read_layer_file,
    taken_files,
)
from blueprint.templating import explain

from .problems import Findings, Problem, ProblemCode
from .syntax import syntax_errors
from .template_names import TemplateText, names_in, value_text
from .validation import DocumentPath


@dataclass(frozen=True)
class PatternSources:
    """The parsed sources of a pattern.

    `files` are the folder and the output files of each layer. `texts` are the templates and fragments of
    all layers, by the folder of the layer and the path in it.
    """

    pattern: Pattern
    document: Document
    files: tuple[tuple[Path, tuple[LayerFile, ...]], ...]
    texts: dict[tuple[Path, str], TemplateText]

    @property
    def file(self) -> Path:
        """The path of the pattern.yaml."""
        return self.pattern.folder / PATTERN_FILE

    def line(self, *where: str | int) -> int:
        """The line (1-based) of a part of the pattern.yaml."""
        return self.document.line(where)

    def problem(self, code: ProblemCode, message: str, *where: str | int) -> Problem:
        """A problem in a part of the pattern.yaml."""
        return Problem(code, message, self.file, self.line(*where))

    def names(self) -> set[str]:
        """Every name that a template, path or expression of the pattern uses."""
        found: set[str] = set()
        for where, text in expressions(self.pattern):
            # A use in the option's own validator has no effect on the project.
            found |= names_in(text) - ({where[1]} if where[0] == "options" else set())
        for text in self.texts.values():
            found |= names_in(text)
        for _, files in self.files:
            for source in files:
                found |= names_in(TemplateText(source.path))
        return found


def read_pattern_sources(pattern: Pattern, document: Document, findings: Findings) -> PatternSources | None:
    """Read and parse the sources of `pattern`; on errors, adds them to `findings` and returns None."""
    incomplete = PatternSources(pattern, document, (), {})
    for where, text in expressions(pattern):
        for error in syntax_errors(text):
            findings.add(incomplete.problem("bad-pattern", f"in {text.source!r}: {explain(error)}", *where))
    files = []
    for number, layer in enumerate(pattern.layers):
        try:
            folder = layer_folder(pattern, layer)
            sources = tuple(all_files(folder))
            incomplete.texts.update(_texts(folder, sources, findings))
            files.append((folder, tuple(taken_files(folder, sources, layer.only))))
        except BlueprintError as error:
            code: ProblemCode = "hostile" if isinstance(error, HostilePatternError) else "missing-layer"
            findings.add(incomplete.problem(code, error.message, "layers", number, "from"))
    return None if findings else PatternSources(pattern, document, tuple(files), incomplete.texts)


def expressions(pattern: Pattern) -> Iterator[tuple[DocumentPath, TemplateText]]:
    """Every expression and template in a pattern.yaml, with its path in the document."""
    for name, option in pattern.options.items():
        for key, text in option_texts(option):
            yield ["options", name, key], text
    for name, value in pattern.values.items():
        yield ["values", name], value_text(value)
    for number, layer in enumerate(pattern.layers):
        for key, text in layer_texts(layer):
            yield ["layers", number, key], text
    yield ["run"], TemplateText(pattern.run)
    yield ["test"], TemplateText(pattern.test)
    for key in ("look", "smoke"):
        for number, line in enumerate(getattr(pattern, key)):
            yield [key, number], TemplateText(line)
    for key, message in msgspec.structs.asdict(pattern.messages).items():
        yield ["messages", key], TemplateText(message)
    for number, requirement in enumerate(pattern.requires):
        if requirement.when:
            yield ["requires", number, "when"], TemplateText(requirement.when, expression=True)
    for number, task in enumerate(pattern.tasks):
        if task.when:
            yield ["tasks", number, "when"], TemplateText(task.when, expression=True)
    for included in pattern.included:
        for task in included.tasks:
            if task.when:
                yield ["include"], TemplateText(task.when, expression=True)


def option_texts(option: Option) -> Iterator[tuple[str, TemplateText]]:
    """The expressions and templates of an option: its `when`, defaults and validator."""
    if option.when:
        yield "when", TemplateText(option.when, expression=True)
    for condition in option.default_if:
        yield "default_if", TemplateText(condition, expression=True)
    if isinstance(option, patterns.Text):
        yield "default", TemplateText(option.default)
    if option.validator:
        yield "validator", TemplateText(option.validator)


def layer_texts(layer: Layer) -> Iterator[tuple[str, TemplateText]]:
    """The `each`, `when`, `replace` and `to` of a layer, in the order of their evaluation."""
    for expression in (layer.each or {}).values():
        yield "each", TemplateText(expression, expression=True)
    if layer.when:
        yield "when", TemplateText(layer.when, expression=True)
    for value in layer.replace.values():
        yield "replace", TemplateText(value)
    yield "to", TemplateText(layer.to)


def _texts(
    folder: Path, sources: tuple[LayerFile, ...], findings: Findings
) -> Iterator[tuple[tuple[Path, str], TemplateText]]:
    """Parse the templates of a layer, and those fragments that are templates."""
    for source in sources:
        for path_error in syntax_errors(TemplateText(source.path)):
            findings.add(Problem("bad-template", f"in the path: {explain(path_error)}", source.location))
        fragment = PARTS in source.path.split("/")
        if not (fragment or source.path.endswith(SUFFIX)):
            continue
        try:
            text = TemplateText(read_layer_file(source).decode("utf-8"))
        except UnicodeDecodeError:
            if not fragment:
                findings.add(Problem("bad-template", "is not UTF-8 text", source.location))
            continue
        errors = [*syntax_errors(text)]
        if not errors:
            yield (folder, source.path), text
        elif not fragment or source.path.endswith(SUFFIX):
            for error in errors:
                findings.add(Problem("bad-template", explain(error), source.location, error.lineno))
