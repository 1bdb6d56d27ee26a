"""Published architecture decisions as a regression set for the model.

`blueprint recommend --cases` prints them. They do not measure accuracy: most inputs are assumed, and the
people who chose the labels also chose the weights.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from blueprint.advise.candidates import built_in_candidates
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision, Model, decide
from blueprint.advise.prices import default_prices
from blueprint.needs.answers import complete
from blueprint.needs.inputs import inputs

LENIENT_FLOOR, STRICT_FLOOR = 27, 24
NOTE = "This is a regression set, not a measure of accuracy: most inputs are assumed."


class CaseResult(NamedTuple):
    """A published decision and the decision of the model; a hybrid has no `best` label."""

    id: str
    decision: Decision
    acceptable: tuple[str, ...]
    best: str | None
    scored: bool

    @property
    def lenient(self) -> bool:
        """Whether a competent reviewer could defend the label of the model."""
        return self.decision.label in self.acceptable

    @property
    def strict(self) -> bool:
        """Whether the label of the model is the one that worked."""
        return self.decision.label == self.best


def evaluate_cases() -> list[CaseResult]:
    """Return every case with the decision of the model."""
    model = Model(built_in_candidates(), default_prices())
    return [_evaluate(case, model) for case in load("cases")["cases"]]


def _evaluate(case: Mapping[str, Any], model: Model) -> CaseResult:
    defaults = load("cases")["defaults"]
    known = {name: value for name, value in {**defaults, **case["inputs"]}.items() if name in inputs()}
    if "peak_rps" not in case["inputs"]:
        known["peak_rps"] = max(known["peak_rps"], known["mean_rps"])
    name = {"event_driven": "event-driven"}
    return CaseResult(
        id=case["id"],
        decision=decide(complete(known), model),
        acceptable=tuple(name.get(label, label) for label in case["acceptable"]),
        best=name.get(case["best"], case["best"]),
        scored=case.get("scored", True),
    )


def tally(results: list[CaseResult]) -> tuple[int, int, int, int]:
    """Count the cases: lenient hits, cases scored leniently, strict hits, cases scored strictly."""
    scored = [r for r in results if r.scored]
    strict = [r for r in scored if r.best]
    return sum(r.lenient for r in scored), len(scored), sum(r.strict for r in strict), len(strict)


def summary(results: list[CaseResult]) -> Mapping[str, Any]:
    """Return the cases and the counts as JSON."""
    lenient_hits, lenient_of, strict_hits, strict_of = tally(results)
    return {
        "note": NOTE,
        "lenient": {"hits": lenient_hits, "of": lenient_of, "floor": LENIENT_FLOOR},
        "strict": {"hits": strict_hits, "of": strict_of, "floor": STRICT_FLOOR},
        "cases": [
            {"id": r.id, "model": r.decision.label, "worked": r.best, "acceptable": list(r.acceptable)}
            for r in results
        ],
    }


def table(results: list[CaseResult]) -> str:
    """Return the cases and the counts as a table of text."""
    lines = [f"{'case':28} {'model':14} {'worked':14} {'lenient':8} {'strict':7} scores"]
    for r in results:
        scores = "  ".join(f"{name} {points:+.2f}" for name, points in r.decision.scores.items() if points)
        gates = " ".join(f"{g.id}:{g.pattern}" for g in r.decision.gates)
        lenient = ("yes" if r.lenient else "NO") if r.scored else "-"
        strict = ("yes" if r.strict else "NO") if r.scored and r.best else "-"
        lines.append(
            f"{r.id:28} {r.decision.label:14} {r.best or '-':14} {lenient:8} {strict:7} {scores} {gates}"
        )
    lenient_hits, lenient_of, strict_hits, strict_of = tally(results)
    lines.append(
        f"lenient {lenient_hits} of {lenient_of} (floor {LENIENT_FLOOR}), "
        f"strict {strict_hits} of {strict_of} (floor {STRICT_FLOOR})"
    )
    lines.append(NOTE)
    return "\n".join(lines)
