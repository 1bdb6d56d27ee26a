"""Published architecture decisions as a regression set for the model.

`blueprint recommend --cases` prints them beside simple baselines. They do not measure accuracy: most inputs
are assumed, and the people who chose the labels also chose the weights.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from blueprint.advise.candidates import EVENT_DRIVEN, MICROSERVICES, MONOLITH, built_in_candidates
from blueprint.advise.confidence import confidence, probabilities
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision, Model, decide
from blueprint.advise.prices import default_prices
from blueprint.advise.robustness import robustness
from blueprint.needs.answers import NeedsAnswers, complete
from blueprint.needs.inputs import inputs
from blueprint.needs.legacy import INDEPENDENT_DEPLOY

MODEL = "model"
PUBLISHED_ONLY = ", published facts only"
PUBLISHED = MODEL + PUBLISHED_ONLY
KNOWN_EVIDENCE = ("primary", "secondary", "derived")
NOTE = "This is a regression set, not a measure of accuracy: most inputs are assumed."


class CaseResult(NamedTuple):
    """A published decision and the label of each predictor; a hybrid has no `best` label."""

    id: str
    decision: Decision
    confidence: str
    labels: Mapping[str, str]
    acceptable: tuple[str, ...]
    best: str | None
    scored: bool


class Tally(NamedTuple):
    """Hits of one predictor: `lenient` could be defended, `strict` is what worked."""

    lenient: int
    lenient_of: int
    strict: int
    strict_of: int


def always_monolith(facts: Mapping[str, Any]) -> str:
    """Baseline: every system is a monolith."""
    return MONOLITH


def two_rules(facts: Mapping[str, Any]) -> str:
    """Baseline: streams are event-driven, required independent releases are microservices."""
    if facts["workload"] == "streaming":
        return EVENT_DRIVEN
    return MICROSERVICES if facts[INDEPENDENT_DEPLOY] == "required" else MONOLITH


def three_rules(facts: Mapping[str, Any]) -> str:
    """Baseline: streams are event-driven, 50 engineers or more are microservices."""
    if facts["workload"] == "streaming":
        return EVENT_DRIVEN
    return MICROSERVICES if facts["engineers"] >= 50 else MONOLITH


BASELINES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "always monolith": always_monolith,
    "two rules": two_rules,
    "three rules": three_rules,
}


PREDICTORS = (
    MODEL,
    *BASELINES,
    PUBLISHED,
    *(name + PUBLISHED_ONLY for name in BASELINES),
)
"""The model and its baselines, first with all answers of a case, then with those that a source states."""


def evaluate_cases() -> list[CaseResult]:
    """Return every case with the decisions of the model and of the baselines."""
    model = Model(built_in_candidates(), default_prices())
    return [_evaluate(case, model) for case in load("cases")["cases"]]


def _evaluate(case: Mapping[str, Any], model: Model) -> CaseResult:
    facts = {**load("cases")["defaults"], **case["inputs"]}
    needs = complete(_answers(facts, case))
    decision = decide(needs, model)
    unchanged = robustness(needs, model, decision.label)
    names = {"event_driven": EVENT_DRIVEN}
    published = _published(case)
    known = {**load("cases")["defaults"], **published}
    return CaseResult(
        id=case["id"],
        decision=decision,
        confidence=confidence(decision, needs, probabilities(decision)[decision.label], unchanged).level,
        labels={
            MODEL: decision.label,
            PUBLISHED: decide(complete(published), model).label,
            **{name: rule(facts) for name, rule in BASELINES.items()},
            **{name + PUBLISHED_ONLY: rule(known) for name, rule in BASELINES.items()},
        },
        acceptable=tuple(names.get(label, label) for label in case["acceptable"]),
        best=names.get(case["best"], case["best"]),
        scored=case.get("scored", True),
    )


def _answers(facts: Mapping[str, Any], case: Mapping[str, Any]) -> NeedsAnswers:
    known = {name: value for name, value in facts.items() if name in inputs() or name == INDEPENDENT_DEPLOY}
    if "peak_rps" not in case["inputs"] and "mean_rps" in known:
        known["peak_rps"] = max(known.get("peak_rps", 0), known["mean_rps"])
    return known


def _published(case: Mapping[str, Any]) -> NeedsAnswers:
    """Return only the answers that a source states, or that follow from a stated figure."""
    stated = {name for kind in KNOWN_EVIDENCE for name in case["evidence"].get(kind, ())}
    return {
        name: value
        for name, value in case["inputs"].items()
        if name in stated and (name in inputs() or name == INDEPENDENT_DEPLOY)
    }


def tally(results: Sequence[CaseResult], predictor: str = MODEL) -> Tally:
    """Count the hits of a predictor."""
    scored = [r for r in results if r.scored]
    strict = [r for r in scored if r.best]
    return Tally(
        sum(r.labels[predictor] in r.acceptable for r in scored),
        len(scored),
        sum(r.labels[predictor] == r.best for r in strict),
        len(strict),
    )


def by_confidence(results: Sequence[CaseResult]) -> Mapping[str, Tally]:
    """Return the hits of the model at each level of confidence."""
    levels = ("high", "medium", "close call")
    return {level: tally([r for r in results if r.confidence == level]) for level in levels}


def summary(results: Sequence[CaseResult]) -> Mapping[str, Any]:
    """Return the cases and the counts as JSON."""
    return {
        "note": NOTE,
        "predictors": {name: tally(results, name)._asdict() for name in PREDICTORS},
        "model_by_confidence": {level: hits._asdict() for level, hits in by_confidence(results).items()},
        "cases": [
            {
                "id": r.id,
                "worked": r.best,
                "acceptable": list(r.acceptable),
                "scored": r.scored,
                "confidence": r.confidence,
                "labels": dict(r.labels),
            }
            for r in results
        ],
    }


def table(results: Sequence[CaseResult]) -> str:
    """Return the cases and the counts as a table of text."""
    lines = [
        f"{'case':28} {'worked':14} {'model':14} {'published only':14} {'confidence':10} scores and gates"
    ]
    for r in results:
        scores = "  ".join(f"{name} {points:+.2f}" for name, points in r.decision.scores.items() if points)
        gates = " ".join(f"{g.id}:{g.pattern}" for g in r.decision.gates)
        shown = [_marked(r, r.labels[predictor]) for predictor in (MODEL, PUBLISHED)]
        line = f"{r.id:28} {r.best or '-':14} {shown[0]:14} {shown[1]:14} {r.confidence:10} {scores} {gates}"
        lines.append(line.rstrip())
    lines += ["", f"{'predictor':35} lenient      strict"]
    for name in PREDICTORS:
        lines.append(f"{name:35} {_hits(tally(results, name))}")
    for level, hits in by_confidence(results).items():
        lines.append(f"{f'model, {level}':35} {_hits(hits)}")
    lines += ["A label with * is not acceptable.", NOTE]
    return "\n".join(lines)


def _marked(result: CaseResult, label: str) -> str:
    return f"{label}*" if result.scored and label not in result.acceptable else label


def _hits(hits: Tally) -> str:
    return f"{hits.lenient:2} of {hits.lenient_of:2}     {hits.strict:2} of {hits.strict_of:2}"
