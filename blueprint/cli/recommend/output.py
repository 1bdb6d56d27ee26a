"""JSON output of `blueprint recommend --cases`; blueprint.report.json_schema describes a recommendation."""

from typing import TypedDict


class HitsOutput(TypedDict):
    """Cases that a predictor decides as expected, of all that count."""

    lenient: int
    lenient_of: int
    strict: int
    strict_of: int


class CaseOutput(TypedDict):
    """A published decision, and the label of each predictor."""

    id: str
    worked: str | None
    acceptable: list[str]
    scored: bool
    confidence: str
    labels: dict[str, str]


class CasesOutput(TypedDict):
    """Published decisions that the model is tested against, with baselines."""

    note: str
    predictors: dict[str, HitsOutput]
    model_by_confidence: dict[str, HitsOutput]
    cases: list[CaseOutput]
