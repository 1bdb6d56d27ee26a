"""Try a pattern with one combination of answers: what is undefined, what fails, what is in conflict."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from blueprint.errors import BlueprintError
from blueprint.patterns import Answers, Layer, check_answers
from blueprint.render import render
from blueprint.render.engine import SUFFIX
from blueprint.render.layers import LayerFile
from blueprint.render.paths import check_path
from blueprint.render.templates import Templates
from blueprint.sandbox import LimitExceededError, Sandbox, explain, resource_limits
from blueprint.suggest import did_you_mean

from .file_rendering import OutputFile, problem_code, render_files
from .pairwise import PROJECT, Combination
from .partial_evaluation import UNKNOWN
from .pattern_sources import PatternSources, expressions, layer_texts, option_texts
from .problems import Findings, Problem
from .template_names import TemplateText, unresolved_names
from .validation import DocumentPath

T = TypeVar("T")

FILES_ONLY = "secret"
"""The name that only files see, and neither paths nor values."""


@dataclass
class RenderCheckResult:
    """What came of it: the problems, and the numbers of the layers and of the `look` paths that were there.

    Where it came to nothing before they were looked at, they count as there.
    """

    findings: Findings = field(default_factory=Findings)
    layers: set[int] = field(default_factory=set)
    looks: set[int] = field(default_factory=set)


def check_rendering(sources: PatternSources, combination: Combination) -> RenderCheckResult:
    """Try `combination`. What takes too long or too much memory is a problem, too."""
    check = _RenderCheck(sources, combination)
    try:
        with resource_limits():
            check.run()
    except LimitExceededError as error:
        check.result.findings.add(sources.problem("hostile", f"what it takes to make a project {error}"))
    return check.result


class _RenderCheck:
    def __init__(self, sources: PatternSources, combination: Combination) -> None:
        self._sources = sources
        self._pattern = sources.pattern
        self._combination = combination
        self._skip: set[Path] = set()
        self.result = RenderCheckResult()

    def run(self) -> None:
        """Find what is wrong, part by part; render as a whole, and file by file only where that fails."""
        answers = self._answers()
        if answers is None or not self._values(answers):
            self.result.layers.update(range(len(self._pattern.layers)))
            self.result.looks.update(range(len(self._pattern.look)))
            return
        templates = Templates(self._pattern, answers)
        placed = [*self._layers(templates)]
        self._check_commands(templates, {file.path for file in placed})
        if self.result.findings:
            self._render_each(placed)
            return
        try:
            render(self._pattern, answers)
        except BlueprintError as error:
            self._render_each(placed)
            if not self.result.findings:
                self._note(error)

    def _answers(self) -> Answers | None:
        """The answers, or None if what stands with an option cannot be evaluated, which is noted."""
        interview = self._pattern.interview(PROJECT)
        before: dict[str, Any] = {}
        for name, option in self._pattern.options.items():
            here = {name: self._combination.get(name)}
            names = {"project": PROJECT, "package": PROJECT, **before}
            seen = {"when": before, "default": names, "validator": names | here}
            where: DocumentPath = ["options", name]
            if not all(self._check(text, seen[key], [*where, key]) for key, text in option_texts(option)):
                return None
            if self._attempt(partial(interview.option, name), where) and name in self._combination:
                self._attempt(partial(interview.answer, name, here[name]), [*where, "validator"])
                before |= here
        if self.result.findings:
            return None
        return self._attempt(partial(check_answers, self._pattern, PROJECT, self._combination), ["options"])

    def _values(self, answers: Answers) -> bool:
        """Whether every value can be computed: without them, nothing else can."""
        context = Templates(replace(self._pattern, values={}), answers).context
        for name, expression in self._pattern.values.items():
            where: DocumentPath = ["values", name]
            if not self._check(TemplateText(expression, expression=True), context, where):
                return False
            try:
                context[name] = Sandbox().evaluate(expression, context)
            except Exception as error:
                self._add(self._sources.problem("fails", f"in {expression!r}: {explain(error)}", *where))
                return False
        return True

    def _check_commands(self, templates: Templates, paths: set[str]) -> None:
        """What the pattern says about the project, which has the files `paths`."""
        for where, text in expressions(self._pattern):
            if where[0] not in ("run", "test", "look", "smoke"):
                continue
            known = self._check(text, templates.context, where)
            said = self._attempt(partial(templates.text, text.source), where) if known else None
            if where[0] == "look" and (said is None or said in paths):
                self.result.looks.add(int(where[1]))

    def _layers(self, templates: Templates) -> Iterator[OutputFile]:
        for number, layer in enumerate(self._pattern.layers):
            each = next((text for key, text in layer_texts(layer) if key == "each"), None)
            where: DocumentPath = ["layers", number, "each"]
            known = each is None or self._check(each, templates.context, where)
            scopes = self._attempt(partial(_scopes, templates, layer), where) if known else None
            if scopes is None:
                self.result.layers.add(number)
            for scope in scopes or ():
                yield from self._layer(number, scope)

    def _layer(self, number: int, scope: Templates) -> Iterator[OutputFile]:
        """The files that a layer gives, for one item of its list."""
        layer = self._pattern.layers[number]
        where: DocumentPath = ["layers", number]
        when = TemplateText(layer.when or "true", expression=True)
        known = self._check(when, scope.context, [*where, "when"])
        takes_part = self._attempt(partial(scope.condition, layer.when), [*where, "when"]) if known else None
        if takes_part is not False:
            self.result.layers.add(number)
        if not takes_part or not self._check(TemplateText(layer.to), scope.context, [*where, "to"]):
            return
        to = self._attempt(partial(scope.text, layer.to), [*where, "to"])
        if to is None:
            return
        folder, files = self._sources.files[number]
        for source in files:
            path = self._path(source, scope, "" if layer.to == "." else f"{to}/")
            self._check_file(folder, source, scope)
            if path is not None:
                yield OutputFile(path, number, folder, source, scope)

    def _path(self, source: LayerFile, scope: Templates, prefix: str) -> str | None:
        """Where a file goes, or None if it cannot go there, which is noted."""
        needs = unresolved_names(TemplateText(source.path), scope.context)
        for name in needs.undefined:
            self._undefined(name, source.location, None, "in the path: ")
        if needs.undefined:
            return None
        try:
            parts = source.path.removesuffix(SUFFIX).split("/")
            return check_path(prefix + "/".join(map(scope.text, parts)))
        except BlueprintError as error:
            self._add(Problem(problem_code(error), error.message, source.location))
            return None

    def _check_file(self, folder: Path, source: LayerFile, scope: Templates) -> None:
        """Note the names that a template needs and does not get, in what it includes too."""
        if not source.path.endswith(SUFFIX):
            return
        pending: list[tuple[str, Mapping[str, Any]]] = [(source.path, {**scope.context, FILES_ONLY: UNKNOWN})]
        seen = set()
        while pending:
            path, context = pending.pop()
            text = self._sources.texts.get((folder, path))
            if path in seen or text is None:
                continue
            seen.add(path)
            needs = unresolved_names(text, context)
            for name, line in needs.undefined.items():
                self._undefined(name, folder / path, line)
                self._skip.add(source.location)
            for reference in needs.references:
                handed = {**context, **reference.own} if reference.context else {}
                pending.append((reference.template, handed))

    def _render_each(self, placed: list[OutputFile]) -> None:
        files = (file for file in placed if file.source.location not in self._skip)
        for problem in render_files(self._sources, files):
            self._add(problem)

    def _check(self, text: TemplateText, context: Mapping[str, Any], where: DocumentPath) -> bool:
        """Whether `context` has all names that a text of the pattern.yaml needs; noted if not."""
        needs = unresolved_names(text, context)
        for name in needs.undefined:
            self._undefined(name, self._sources.file, self._sources.line(*where), f"in {text.source!r}: ")
        return not needs.undefined

    def _attempt(self, action: Callable[[], T], where: DocumentPath) -> T | None:
        try:
            return action()
        except BlueprintError as error:
            self._note(error, *where)
            return None

    def _undefined(self, name: str, path: Path, line: int | None, place: str = "") -> None:
        pattern = self._pattern
        if name in pattern.options:
            message = f"the option {name!r} does not exist here"
        elif name == FILES_ONLY:
            message = "secrets are for files only, not for paths and values"
        else:
            known = [*pattern.options, *pattern.values, "project", "package", "pattern"]
            message = f"{name!r} is not defined{did_you_mean(name, known)}"
        self._add(Problem("undefined", place + message, path, line))

    def _note(self, error: BlueprintError, *where: str | int) -> None:
        self._add(self._sources.problem(problem_code(error), error.message, *where))

    def _add(self, problem: Problem) -> None:
        self.result.findings.add(problem)


def _scopes(templates: Templates, layer: Layer) -> list[Templates]:
    return [*templates.each(layer.each)]
