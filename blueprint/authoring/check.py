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

from .combinations import PROJECT, Combination, Search, Space
from .material import Material, gather, layer_texts
from .names import names_in
from .problems import Findings, Problem
from .reading import Where, read_pattern
from .roots import Place
from .trials import Trials


@dataclass(frozen=True)
class Report:
    """What a check found.

    `pattern` is None if its pattern.yaml is broken. `combinations` is how many were rendered: none, if
    there is a problem with the pattern's texts themselves.
    """

    folder: Path
    pattern: Pattern | None
    combinations: int
    problems: tuple[Problem, ...]


def check_pattern(place: Place) -> Report:
    """Check the pattern in a `place`. Raises PatternError if there is none."""
    findings = Findings()
    read = read_pattern(place, findings)
    if read is None:
        return Report(place.folder, None, 0, findings.all)
    pattern, document = read
    material = gather(pattern, document, findings)
    for problem in _bad_terms(pattern, document):
        findings.add(problem)
    if material is None:
        return Report(place.folder, pattern, 0, findings.all)
    for problem in _unused(material):
        findings.add(problem)
    return Report(place.folder, pattern, _try_all(material, findings), findings.all)


def _bad_terms(pattern: Pattern, document: Document) -> Iterator[Problem]:
    """What the recommender would not understand: each term by itself, then the rest beside a fine term."""
    if not pattern.recommend:
        return
    terms = pattern.recommend.get("terms")
    rows = terms if isinstance(terms, list) and terms else [None]
    fine = [{"name": "fine", "points": 0}]
    trials: list[tuple[Where, object]] = [
        (["recommend", "terms", number], {"terms": [row]}) for number, row in enumerate(rows)
    ]
    trials.append((["recommend", "capacity"], {**pattern.recommend, "terms": fine}))
    for where, recommend in trials:
        try:
            candidate_from(pattern.name, pattern.title, recommend)
        except TermError as error:
            yield Problem("bad-terms", error.message, pattern.folder / PATTERN_FILE, document.line(where))


def _unused(material: Material) -> Iterator[Problem]:
    """Options and values that no text, no path and no condition mentions."""
    used = material.names()
    for name in material.pattern.options:
        if name not in used:
            yield material.problem("unused-option", f"nothing uses the option {name!r}", "options", name)
    for name in material.pattern.values:
        if name not in used:
            yield material.problem("unused-value", f"nothing uses the value {name!r}", "values", name)


def _try_all(material: Material, findings: Findings) -> int:
    """Try the pattern with all combinations that matter; how many those were."""
    space = Space(material.pattern)
    trials = Trials(material, space)
    combinations = space.pairwise()
    if not combinations:
        findings.add(_no_answers(material))
        return 0
    for combination in combinations:
        trials.run(combination)
    for number in range(len(material.pattern.layers)):
        if number not in trials.layers:
            search = _reach(material, space, number)
            if search.exhausted:
                findings.add(_unreachable(material, number))
            if search.found is not None:
                combinations.append(search.found)
                trials.run(search.found)
    problems = [*trials.problems()] or [*_bad_defaults(material)]
    for problem in (*problems, *_never_there(material, trials)):
        findings.add(problem)
    return len(combinations)


def _no_answers(material: Material) -> Problem:
    """The validators refuse whatever is tried, so nothing was rendered."""
    message = "the validators take none of the answers that were tried; make each default one that they take"
    return material.problem("fails", message, "options")


def _bad_defaults(material: Material) -> Iterator[Problem]:
    """Defaults that the validator of their option refuses, or that are of the wrong kind once computed."""
    interview = material.pattern.interview(PROJECT)
    for name in material.pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        try:
            interview.answer(name, check_value(name, option, option.default))
        except AnswersError as error:
            if not option.required:
                yield material.problem("fails", error.message, "options", name, "default")


def _reach(material: Material, space: Space, number: int) -> Search:
    """Look for answers with which a layer takes part."""
    layer = material.pattern.layers[number]

    def takes_part(combination: Combination) -> bool:
        try:
            templates = Templates(material.pattern, check_answers(material.pattern, PROJECT, combination))
            return any(scope.condition(layer.when) for scope in templates.each(layer.each))
        except BlueprintError:
            return False

    needed = {name for key, text in layer_texts(layer) if key != "to" for name in names_in(text)}
    return space.search(needed, takes_part)


def _unreachable(material: Material, number: int) -> Problem:
    layer = material.pattern.layers[number]
    why = layer.when or " ".join((layer.each or {}).values())
    return material.problem(
        "unreachable-layer", f"no answers bring the layer {layer.source!r} in ({why})", "layers", number
    )


def _never_there(material: Material, trials: Trials) -> Iterator[Problem]:
    """Files to look at first that no project has."""
    for number, path in enumerate(material.pattern.look):
        if number not in trials.looks:
            yield material.problem("never-there", f"no project has the file {path!r}", "look", number)
