"""Checks of a pattern that need no generated project to run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blueprint.advise.candidates import candidate_from
from blueprint.advise.errors import TermError
from blueprint.documents import Document
from blueprint.errors import AnswersError, BlueprintError
from blueprint.patterns import Pattern, check_answers, check_value
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.render.templates import Templates

from .pairwise import PROJECT, Combination, OptionSpace, SearchResult
from .pattern_location import PatternLocation
from .pattern_sources import PatternSources, layer_texts, read_pattern_sources
from .problems import Findings, Problem
from .replacement_check import replacement_warnings, unused_replacements
from .scripts import script_problems, script_texts
from .shrink import RenderChecks
from .template_names import names_in
from .validation import DocumentPath, read_pattern


@dataclass(frozen=True)
class CheckReport:
    """Result of a check.

    There is no `pattern` if the pattern.yaml is invalid. `combinations` counts the rendered combinations of
    answers; it is 0 if a template or an expression cannot be parsed. `warnings` do not make a
    pattern invalid.
    """

    folder: Path
    pattern: Pattern | None
    combinations: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


def check_pattern(location: PatternLocation) -> CheckReport:
    """Check the pattern in `location`. Raises PatternError if its pattern.yaml cannot be read."""
    findings = Findings()
    read = read_pattern(location, findings)
    if read is None:
        return CheckReport(location.folder, None, 0, findings.all)
    pattern, document = read
    sources = read_pattern_sources(pattern, document, findings)
    for problem in _bad_terms(pattern, document):
        findings.add(problem)
    if sources is None:
        return CheckReport(location.folder, pattern, 0, findings.all)
    for problem in (*script_problems(sources), *_unused(sources), *unused_replacements(sources)):
        findings.add(problem)
    warnings = Findings()
    for warning in replacement_warnings(sources):
        warnings.add(warning)
    combinations = _render_combinations(sources, findings, warnings)
    return CheckReport(location.folder, pattern, combinations, findings.all, warnings.all)


def _bad_terms(pattern: Pattern, document: Document) -> Iterator[Problem]:
    """Check each recommendation term by itself, then the other keys with a valid placeholder term."""
    if not pattern.recommend:
        return
    terms = pattern.recommend.get("terms")
    rows = terms if isinstance(terms, list) and terms else [None]
    placeholder = [{"name": "placeholder", "points": 0}]
    checks: list[tuple[DocumentPath, object]] = [
        (["recommend", "terms", index], {"terms": [row]}) for index, row in enumerate(rows)
    ]
    checks.append((["recommend", "capacity"], {**pattern.recommend, "terms": placeholder}))
    for where, recommend in checks:
        try:
            candidate_from(pattern.name, pattern.title, recommend)
        except TermError as error:
            yield Problem("bad-terms", error.message, pattern.folder / PATTERN_FILE, document.line(where))


def _unused(sources: PatternSources) -> Iterator[Problem]:
    """Options and values that no template, path, expression or script uses."""
    used = sources.names() | set(re.findall(r"\w+", " ".join(script_texts(sources))))
    for name in sources.pattern.options:
        if name not in used:
            yield sources.problem("unused-option", f"the option {name!r} is not used", "options", name)
    for name in sources.pattern.values:
        if name not in used:
            yield sources.problem("unused-value", f"the value {name!r} is not used", "values", name)


def _render_combinations(sources: PatternSources, findings: Findings, warnings: Findings) -> int:
    """Render the pattern with combinations that cover all pairs of answers; returns their number."""
    space = OptionSpace(sources.pattern)
    checks = RenderChecks(sources, space)
    combinations = [*space.pairwise()]
    if not combinations:
        findings.add(_no_answers(sources))
        return 0
    for combination in combinations:
        checks.run(combination)
    for index in range(len(sources.pattern.layers)):
        if index not in checks.layers:
            search = _find_answers(sources, space, index)
            if search.exhausted:
                findings.add(_unreachable(sources, index))
            if search.found is not None:
                combinations.append(search.found)
                checks.run(search.found)
    problems = [*checks.problems()] or [*_bad_defaults(sources)]
    for problem in (*problems, *_missing_look(sources, checks)):
        findings.add(problem)
    for warning in checks.warnings():
        warnings.add(warning)
    return len(combinations)


def _no_answers(sources: PatternSources) -> Problem:
    """The problem that the validators reject every combination, so that nothing can be rendered."""
    message = "the validators reject all answers that were tried; give each option a default that is valid"
    return sources.problem("fails", message, "options")


def _bad_defaults(sources: PatternSources) -> Iterator[Problem]:
    """Defaults that the validator rejects, or that have the wrong type once they are computed."""
    interview = sources.pattern.interview(PROJECT)
    for name in sources.pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        try:
            interview.answer(name, check_value(name, option, option.default))
        except AnswersError as error:
            if not option.required:
                yield sources.problem("fails", error.message, "options", name, "default")


def _find_answers(sources: PatternSources, space: OptionSpace, index: int) -> SearchResult:
    """Search for answers that select the layer at `index`."""
    layer = sources.pattern.layers[index]

    def is_selected(combination: Combination) -> bool:
        try:
            templates = Templates(sources.pattern, check_answers(sources.pattern, PROJECT, combination))
            return any(scope.condition(layer.when) for scope in templates.each(layer.each))
        except BlueprintError:
            return False

    needed = {name for key, text in layer_texts(layer) if key in ("each", "when") for name in names_in(text)}
    return space.search(needed, is_selected)


def _unreachable(sources: PatternSources, index: int) -> Problem:
    layer = sources.pattern.layers[index]
    condition = layer.when or " ".join((layer.each or {}).values())
    return sources.problem(
        "unreachable-layer", f"no answers select the layer {layer.source!r} ({condition})", "layers", index
    )


def _missing_look(sources: PatternSources, checks: RenderChecks) -> Iterator[Problem]:
    """Paths in `look` that no rendered project contains."""
    for index, path in enumerate(sources.pattern.look):
        if index not in checks.looks:
            yield sources.problem("never-there", f"no project contains the file {path!r}", "look", index)
