"""Evaluation of a running system as one JSON object, and its JSON Schema."""

from collections.abc import Mapping, Sequence
from typing import Any

from blueprint.advise.moving import Verdict
from blueprint.evaluate.evidence import Fact, Finding, Measurement
from blueprint.evaluate.logs.stats import TrafficStats
from blueprint.report.evaluation import Evaluation
from blueprint.report.plain import plain, record, schema_of

TEXT = schema_of(str)


def evaluation_json(evaluation: Evaluation, written: Sequence[str]) -> Mapping[str, Any]:
    """Return everything that was measured, the verdict, and the files that were written."""
    e = evaluation
    return {
        "measurements": [{**plain(each), "unit": unit} for each, unit in e.measurements_with_units()],
        "facts": plain(e.evidence.facts),
        "findings": plain(e.evidence.findings),
        "notes": plain(e.evidence.notes),
        "traffic": plain(e.traffic),
        "confidence": e.recommendation.confidence.level,
        "verdict": plain(e.verdict),
        "questions": e.questions(),
        "written": [*written],
    }


def evaluation_schema() -> Mapping[str, Any]:
    """Return the schema of that object."""
    measurement = schema_of(Measurement)
    texts = schema_of(Sequence[str])
    properties = {
        "measurements": {
            "type": "array",
            "items": measurement | record({**measurement["properties"], "unit": TEXT}),
        },
        "facts": schema_of(Sequence[Fact]),
        "findings": schema_of(Sequence[Finding]),
        "notes": texts,
        "traffic": schema_of(TrafficStats | None),
        "confidence": TEXT,
        "verdict": schema_of(Verdict),
        "questions": texts,
        "written": texts,
    }
    return {
        "title": "blueprint evaluation",
        "description": "Output of `blueprint evaluate --json`. Rates are per second, times in ms (`_ms`), "
        "gains in log-odds. `questions` are the required inputs that nothing measured.",
        **record(properties),
    }
