"""Check a pattern: all that can be found out about it without running what it makes."""

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
from .shrink import RenderChecks
from .template_names import names_in
from .validation import DocumentPath, read_pattern


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    `pattern` is None if its pattern.yaml is broken. `combinations` is how many were rendered: none, if
    there is a problem with the pattern's texts themselves.
    """

    folder: Path
    pattern: Pattern | None
    combinations: int
    problems: tuple[Problem, ...]


def check_pattern(location: PatternLocation) -> CheckReport:
    """Check the pattern in a `location`. Raises PatternError if there is none."""
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
    for problem in _unused(sources):
        findings.add(problem)
    return CheckReport(location.folder, pattern, _try_all(sources, findings), findings.all)


def _bad_terms(pattern: Pattern, document: Document) -> Iterator[Problem]:
    """What the recommender would not understand: each term by itself, then the rest beside a fine term."""
    if not pattern.recommend:
        return
    terms = pattern.recommend.get("terms")
    rows = terms if isinstance(terms, list) and terms else [None]
    fine = [{"name": "fine", "points": 0}]
    checks: list[tuple[DocumentPath, object]] = [
        (["recommend", "terms", number], {"terms": [row]}) for number, row in enumerate(rows)
    ]
    checks.append((["recommend", "capacity"], {**pattern.recommend, "terms": fine}))
    for where, recommend in checks:
        try:
            candidate_from(pattern.name, pattern.title, recommend)
        except TermError as error:
            yield Problem("bad-terms", error.message, pattern.folder / PATTERN_FILE, document.line(where))


def _unused(sources: PatternSources) -> Iterator[Problem]:
    """Options and values that no text, no path and no condition mentions."""
    used = sources.names()
    for name in sources.pattern.options:
        if name not in used:
            yield sources.problem("unused-option", f"nothing uses the option {name!r}", "options", name)
    for name in sources.pattern.values:
        if name not in used:
            yield sources.problem("unused-value", f"nothing uses the value {name!r}", "values", name)


def _try_all(sources: PatternSources, findings: Findings) -> int:
    """Try the pattern with all combinations that matter; how many those were."""
    space = OptionSpace(sources.pattern)
    checks = RenderChecks(sources, space)
    combinations = space.pairwise()
    if not combinations:
        findings.add(_no_answers(sources))
        return 0
    for combination in combinations:
        checks.run(combination)
    for number in range(len(sources.pattern.layers)):
        if number not in checks.layers:
            search = _reach(sources, space, number)
            if search.exhausted:
                findings.add(_unreachable(sources, number))
            if search.found is not None:
                combinations.append(search.found)
                checks.run(search.found)
    problems = [*checks.problems()] or [*_bad_defaults(sources)]
    for problem in (*problems, *_never_there(sources, checks)):
        findings.add(problem)
    return len(combinations)


def _no_answers(sources: PatternSources) -> Problem:
    """The validators refuse whatever is tried, so nothing was rendered."""
    message = "the validators take none of the answers that were tried; make each default one that they take"
    return sources.problem("fails", message, "options")


def _bad_defaults(sources: PatternSources) -> Iterator[Problem]:
    """Defaults that the validator of their option refuses, or that are of the wrong kind once computed."""
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


def _reach(sources: PatternSources, space: OptionSpace, number: int) -> SearchResult:
    """Look for answers with which a layer takes part."""
    layer = sources.pattern.layers[number]

    def takes_part(combination: Combination) -> bool:
        try:
            templates = Templates(sources.pattern, check_answers(sources.pattern, PROJECT, combination))
            return any(scope.condition(layer.when) for scope in templates.each(layer.each))
        except BlueprintError:
            return False

    needed = {name for key, text in layer_texts(layer) if key != "to" for name in names_in(text)}
    return space.search(needed, takes_part)


def _unreachable(sources: PatternSources, number: int) -> Problem:
    layer = sources.pattern.layers[number]
    why = layer.when or " ".join((layer.each or {}).values())
    return sources.problem(
        "unreachable-layer", f"no answers bring the layer {layer.source!r} in ({why})", "layers", number
    )


def _never_there(sources: PatternSources, checks: RenderChecks) -> Iterator[Problem]:
    """Files to look at first that no project has."""
    for number, path in enumerate(sources.pattern.look):
        if number not in checks.looks:
            yield sources.problem("never-there", f"no project has the file {path!r}", "look", number)
