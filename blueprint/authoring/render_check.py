"""Render check of a pattern with one combination of answers: undefined names, failures, conflicts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from blueprint import sources as template_sources
from blueprint.errors import BlueprintError
from blueprint.patterns import Answers, Layer, check_answers, has_computed_default
from blueprint.patterns.secret_interview import stand_in
from blueprint.project.git import ignored_paths
from blueprint.render import Tree, render
from blueprint.render.engine import layer_replacements, output_path
from blueprint.render.layers import SUFFIX, LayerFile, Replacements
from blueprint.render.paths import check_path
from blueprint.render.templates import Templates, pattern_names
from blueprint.suggest import did_you_mean
from blueprint.templating import LimitExceededError, explain, resource_limits, shared_sandbox

from .file_rendering import OutputFile, problem_code, render_files
from .pairwise import PROJECT, Combination
from .partial_evaluation import UNKNOWN
from .pattern_sources import PatternSources, expressions, layer_texts, option_texts
from .problems import Findings, Problem
from .template_names import TemplateText, unresolved_names, value_text
from .validation import DocumentPath

T = TypeVar("T")

FILES_ONLY = "secret"
"""Name that only templates of files can use, not paths and values."""


@dataclass
class RenderCheckResult:
    """Problems and warnings of a combination, and the indices of the layers and `look` paths that it used.

    Layers and paths that could not be evaluated count as used, so that one problem does not cause others.
    """

    findings: Findings = field(default_factory=Findings)
    warnings: Findings = field(default_factory=Findings)
    layers: set[int] = field(default_factory=set)
    looks: set[int] = field(default_factory=set)


def check_rendering(sources: PatternSources, combination: Combination) -> RenderCheckResult:
    """Render the pattern with `combination` and collect its problems, including exceeded resource limits."""
    check = _RenderCheck(sources, combination)
    try:
        with resource_limits():
            check.run()
    except LimitExceededError as error:
        check.result.findings.add(sources.problem("hostile", f"rendering the project {error}"))
    return check.result


class _RenderCheck:
    def __init__(self, sources: PatternSources, combination: Combination) -> None:
        self._sources = sources
        self._pattern = sources.pattern
        self._combination = combination
        self._skip: set[Path] = set()
        self.result = RenderCheckResult()

    def run(self) -> None:
        """Check the parts one by one, then render the whole project; file by file if that fails."""
        answers = self._answers()
        if answers is None or not self._values(answers):
            self.result.layers.update(range(len(self._pattern.layers)))
            self.result.looks.update(range(len(self._pattern.look)))
            return
        templates = Templates(self._pattern, answers)
        outputs = [*self._layers(templates)]
        self._check_commands(templates, {file.path for file in outputs})
        if self.result.findings:
            self._render_each(outputs)
            return
        try:
            tree = render(self._pattern, answers).tree
        except BlueprintError as error:
            self._render_each(outputs)
            if not self.result.findings:
                self._add_error(error)
        else:
            self._warn_of_tracked_secrets({**tree, **self._with_secrets()})

    def _with_secrets(self) -> Tree:
        """The project with answers to the secret options; empty without such options."""
        options = self._pattern.options
        secret = {name: options[name] for name in self._combination if options[name].secret}
        given = {name: stand_in(option, self._combination[name], 1) for name, option in secret.items()}
        # A default that is computed may depend on a secret answer, which another answer would hide.
        others = {
            name: value
            for name, value in self._combination.items()
            if not has_computed_default(options[name])
        }
        try:
            answers = check_answers(self._pattern, PROJECT, {**others, **given})
            return template_sources.render(self._pattern, answers).tree if given else {}
        except BlueprintError:
            return {}

    def _warn_of_tracked_secrets(self, tree: Tree) -> None:
        secret = [path for path, file in tree.items() if file.secret]
        for path in sorted({*secret} - ignored_paths(tree, secret)) if secret else ():
            message = f"{path} contains a secret, but no .gitignore of the pattern keeps it out of git"
            self.result.warnings.add(self._sources.problem("secret-not-ignored", message, "layers"))

    def _answers(self) -> Answers | None:
        """The checked answers; None if an expression of an option cannot be evaluated."""
        interview = self._pattern.interview(PROJECT)
        earlier: dict[str, Any] = {}
        for name, option in self._pattern.options.items():
            answer = {name: self._combination.get(name)}
            names = {"project": PROJECT, "package": PROJECT, **earlier}
            contexts = {"when": earlier, "default_if": earlier, "default": names, "validator": names | answer}
            where: DocumentPath = ["options", name]
            if not all(self._check(text, contexts[key], [*where, key]) for key, text in option_texts(option)):
                return None
            if self._attempt(partial(interview.option, name), where) and name in self._combination:
                self._attempt(partial(interview.answer, name, answer[name]), [*where, "validator"])
                earlier |= answer
        if self.result.findings:
            return None
        return self._attempt(partial(check_answers, self._pattern, PROJECT, self._combination), ["options"])

    def _values(self, answers: Answers) -> bool:
        """Whether all values can be computed; nothing else can be checked without them."""
        context = Templates(replace(self._pattern, values={}), answers).context
        for name, expression in self._pattern.values.items():
            where: DocumentPath = ["values", name]
            if not self._check(value_text(expression), context, where):
                return False
            try:
                context[name] = shared_sandbox().value(name, expression, context)
            except Exception as error:
                self._add(self._sources.problem("fails", f"in {expression!r}: {explain(error)}", *where))
                return False
        return True

    def _check_commands(self, templates: Templates, paths: set[str]) -> None:
        """Check the commands, messages, tasks and `look` paths for a project with the files `paths`."""
        early = pattern_names(self._pattern, PROJECT)
        for where, text in expressions(self._pattern):
            if where[0] not in ("run", "test", "look", "smoke", "messages", "tasks", "include"):
                continue
            context = early if where[-1] in ("before_new", "before_update") else templates.context
            evaluate = templates.condition if text.expression else templates.text
            defined = self._check(text, context, where)
            rendered = self._attempt(partial(evaluate, text.source), where) if defined else None
            if where[0] == "look" and (rendered is None or rendered in paths):
                self.result.looks.add(int(where[1]))

    def _layers(self, templates: Templates) -> Iterator[OutputFile]:
        for number, layer in enumerate(self._pattern.layers):
            each = next((text for key, text in layer_texts(layer) if key == "each"), None)
            where: DocumentPath = ["layers", number, "each"]
            defined = each is None or self._check(each, templates.context, where)
            scopes = self._attempt(partial(_scopes, templates, layer), where) if defined else None
            if scopes is None:
                self.result.layers.add(number)
            for scope in scopes or ():
                yield from self._layer(number, scope)

    def _layer(self, number: int, scope: Templates) -> Iterator[OutputFile]:
        """The output files of a layer for one item of its `each`."""
        layer = self._pattern.layers[number]
        where: DocumentPath = ["layers", number]
        when = TemplateText(layer.when or "true", expression=True)
        defined = self._check(when, scope.context, [*where, "when"])
        selected = self._attempt(partial(scope.condition, layer.when), [*where, "when"]) if defined else None
        if selected is not False:
            self.result.layers.add(number)
        texts = [(key, text) for key, text in layer_texts(layer) if key in ("replace", "to")]
        if not selected or not all(self._check(text, scope.context, [*where, key]) for key, text in texts):
            return
        to = self._attempt(partial(scope.text, layer.to), [*where, "to"])
        replacements = self._attempt(partial(layer_replacements, layer, scope), [*where, "replace"])
        if to is None or replacements is None:
            return
        folder, files = self._sources.files[number]
        for source in files:
            path = self._path(source, scope, replacements, "" if layer.to == "." else f"{to}/")
            self._check_file(folder, source, scope)
            if path is not None:
                yield OutputFile(path, number, folder, source, scope, replacements)

    def _path(
        self, source: LayerFile, scope: Templates, replacements: Replacements, prefix: str
    ) -> str | None:
        """The output path of a file; None if it is invalid."""
        unresolved = unresolved_names(TemplateText(source.path), scope.context)
        for name in unresolved.undefined:
            self._add_undefined(name, source.location, None, "in the path: ")
        if unresolved.undefined:
            return None
        try:
            return check_path(prefix + output_path(source, scope, replacements))
        except BlueprintError as error:
            self._add(Problem(problem_code(error), error.message, source.location))
            return None

    def _check_file(self, folder: Path, source: LayerFile, scope: Templates) -> None:
        """Find the undefined names of a template and of the templates that it includes."""
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
            unresolved = unresolved_names(text, context)
            for name, line in unresolved.undefined.items():
                self._add_undefined(name, folder / path, line)
                self._skip.add(source.location)
            for reference in unresolved.references:
                visible = {**context, **reference.own} if reference.context else {}
                pending.append((reference.template, visible))

    def _render_each(self, outputs: list[OutputFile]) -> None:
        files = (file for file in outputs if file.source.location not in self._skip)
        for problem in render_files(self._sources, files):
            self._add(problem)

    def _check(self, text: TemplateText, context: Mapping[str, Any], where: DocumentPath) -> bool:
        """Whether `context` defines all names of a text in the pattern.yaml; reports undefined names."""
        undefined = unresolved_names(text, context).undefined
        for name in undefined:
            self._add_undefined(name, self._sources.file, self._sources.line(*where), f"in {text.source!r}: ")
        return not undefined

    def _attempt(self, action: Callable[[], T], where: DocumentPath) -> T | None:
        try:
            return action()
        except BlueprintError as error:
            self._add_error(error, *where)
            return None

    def _add_undefined(self, name: str, path: Path, line: int | None, prefix: str = "") -> None:
        pattern = self._pattern
        if name in pattern.options:
            message = f"the option {name!r} does not exist here"
        elif name == FILES_ONLY:
            message = "secret() is only available in files, not in paths and values"
        else:
            known = [*pattern.options, *pattern.values, "project", "package", "pattern"]
            message = f"{name!r} is not defined{did_you_mean(name, known)}"
        self._add(Problem("undefined", prefix + message, path, line))

    def _add_error(self, error: BlueprintError, *where: str | int) -> None:
        self._add(self._sources.problem(problem_code(error), error.message, *where))

    def _add(self, problem: Problem) -> None:
        self.result.findings.add(problem)


def _scopes(templates: Templates, layer: Layer) -> list[Templates]:
    return [*templates.each(layer.each)]
