"""JSON Schema of `blueprint recommend --json`, which `blueprint schema recommend` prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from blueprint.advise.architecture import Architecture
from blueprint.advise.capacity_plan import Broker, Cache, Database, Service
from blueprint.advise.cost.lines import COST_LEVELS
from blueprint.advise.decide import Gate
from blueprint.advise.groupings.candidates import Groups
from blueprint.advise.groupings.scores import GroupingLine
from blueprint.advise.next_steps import NextSteps
from blueprint.advise.result import Component, Confidence, Precaution, StackOption
from blueprint.needs.flows import Flow
from blueprint.needs.inputs import InputValue, inputs
from blueprint.needs.model import INPUT_FIELDS, Needs
from blueprint.report.as_json import SCHEMA
from blueprint.report.plain import record, schema_of

NUMBER = {"type": "number"}
TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}
VALUES = schema_of(Mapping[str, InputValue])


def recommendation_schema() -> Mapping[str, Any]:
    """Return the schema; recommendation.schema.json in this package is a copy of it."""
    return {
        "title": "blueprint recommendation",
        "description": "Output of `blueprint recommend --json`. Rates are per second, times in ms (`_ms`), "
        "data in GB (`_gb`), memory in MiB (`_mib`), availability in percent, money in USD a month.",
        **record(_properties()),
    }


def _properties() -> dict[str, Any]:
    point = {
        "type": "object",
        "properties": {"pattern": TEXT, "text": TEXT, "size": NUMBER, "changes": _list(_change())},
        "required": ["pattern", "text", "size", "changes"],
        "additionalProperties": False,
    }
    return {
        "schema": {"const": SCHEMA},
        "model": TEXT,
        "pattern": TEXT,
        "title": TEXT,
        "architecture": schema_of(Architecture),
        "groupings": _list(_grouping()),
        "confidence": schema_of(Confidence),
        "fits": FLAG,
        "scores": _by_name(NUMBER),
        "probabilities": _by_name(NUMBER),
        "score_breakdown": _list(_score_line()),
        "gates": _list(schema_of(Gate)),
        "risks": _list(schema_of(Gate)),
        "precautions": _list(schema_of(Precaution)),
        "runner_up": record(
            {"pattern": TEXT, "gap": NUMBER, "reasons": TEXTS, "break_even_points": _list(point)}
        ),
        "break_even_points": _list(point),
        "joint_break_even_points": _list(point),
        "stack": record({"name": TEXT, "reason": TEXT, "compared": _list(schema_of(StackOption))}),
        "components": _list(schema_of(Component)),
        "answers": schema_of(Mapping[str, InputValue | Sequence[str | Sequence[str]]]),
        "sizes": _by_name(_sizes()),
        "estimates": _by_name(record(_estimate_fields())),
        "host": _host(),
        "costs": _list(_cost()),
        "prices": TEXT,
        "claims": _by_name(VALUES),
        "review_triggers": _list(_trigger()),
        "prometheus_rules": _list(_rule()),
        "next_steps": schema_of(NextSteps),
        "needs": record({name: _input(name) for name in INPUT_FIELDS} | {"flows": _list(schema_of(Flow))}),
        "assumed": TEXTS,
        "notes": TEXTS,
        "defaults": {"anyOf": [record({"path": TEXT, "names": TEXTS}), {"type": "null"}]},
        "written": TEXTS,
    }


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _change() -> dict[str, Any]:
    value = schema_of(InputValue)
    return record({"input": TEXT, "from": value, "to": value, "one_step_before": value})


def _score_line() -> dict[str, Any]:
    texts = {"pattern": TEXT, "term": TEXT, "why": TEXT, "tag": TEXT, "source": TEXT}
    return record({**texts, "points": NUMBER, "inputs": VALUES, "assumed": FLAG})


def _grouping() -> dict[str, Any]:
    """Return the schema of a grouping of the modules, with what it gains and costs beside one deployable."""
    lines = _list(schema_of(GroupingLine))
    fields = {"groups": schema_of(Groups), "points": NUMBER, "gains": lines, "costs": lines}
    return record(
        {
            **fields,
            "sagas": TEXTS,
            "gates": _list(schema_of(Gate)),
            **_estimate_fields(),
            "commands": TEXTS,
        }
    )


def _sizes() -> dict[str, Any]:
    return record(
        {
            "cpu_millicores": {"type": "integer"},
            "memory_mib": {"type": "integer"},
            "services": _list(schema_of(Service)),
            "databases": _list(schema_of(Database)),
            "cache": schema_of(Cache | None),
            "broker": schema_of(Broker | None),
        }
    )


def _estimate_fields() -> dict[str, Any]:
    latencies = ("p95_ms", "answer_p95_ms", "settled_p95_ms")
    times = [f"{bound}{name}" for name in latencies for bound in ("low_", "", "high_")]
    money = ("low_usd_month", "usd_month", "high_usd_month", "people_usd_month")
    numbers = dict.fromkeys((*times, "availability_percent", *money), NUMBER)
    return {**numbers, "host": TEXT, "deployables": {"type": "integer"}}


def _host() -> dict[str, Any]:
    money = ("low_usd_month", "usd_month", "high_usd_month")
    compared = {
        "name": TEXT,
        "product": TEXT,
        **dict.fromkeys(money, schema_of(float | None)),
        "availability_percent": NUMBER,
        "fits": FLAG,
        "obstacles": TEXTS,
    }
    return record({"name": TEXT, "reason": TEXT, "compared": _list(record(compared))})


def _cost() -> dict[str, Any]:
    levels: dict[str, Any] = dict.fromkeys(COST_LEVELS, NUMBER)
    line = {"group": TEXT, "name": TEXT, "product": TEXT, "verified": FLAG, **levels}
    return record(
        {
            "cloud": TEXT,
            "product": TEXT,
            **levels,
            "unverified_share": NUMBER,
            "lines": _by_name(NUMBER),
            "groups": _by_name(NUMBER),
            "bill": _list(record(line)),
            "prices_from": schema_of(str | None),
            "prices_to": schema_of(str | None),
            "warnings": TEXTS,
        }
    )


def _trigger() -> dict[str, Any]:
    texts = dict.fromkeys(("name", "metric", "unit", "expr", "for", "summary"), TEXT)
    return record({**texts, "threshold": NUMBER})


def _rule() -> dict[str, Any]:
    labels = _by_name(TEXT)
    return record({"alert": TEXT, "expr": TEXT, "for": TEXT, "labels": labels, "annotations": labels})


def _input(name: str) -> dict[str, Any]:
    """Return the schema of an input's value, with its unit."""
    types = dict(Needs.__annotations__)
    unit = inputs()[name].unit
    return schema_of(types[name]) | ({"description": f"Unit: {unit}."} if unit else {})
