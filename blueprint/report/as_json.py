"""Recommendation as one JSON object, whose keys are part of the public interface."""

from collections.abc import Mapping
from typing import Any

from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.cost.lines import COST_LEVELS
from blueprint.advise.formatting import break_even_text
from blueprint.advise.generator_options import answers_for
from blueprint.advise.next_steps import next_steps
from blueprint.advise.ranges import likely_range
from blueprint.advise.result import (
    CloudCost,
    Estimate,
    GroupingOption,
    HostCost,
    Recommendation,
    ReviewTrigger,
)
from blueprint.advise.review_triggers import prometheus_rules
from blueprint.needs.model import INPUT_FIELDS, Needs
from blueprint.report.bill_table import BillRow, bill_rows
from blueprint.report.plain import plain

SCHEMA = 2


def to_json(recommendation: Recommendation) -> Mapping[str, Any]:
    """Return the whole recommendation; rates are per second, times in ms, cost in USD a month."""
    r = recommendation
    return {
        "schema": SCHEMA,
        "model": r.model_version,
        "pattern": r.pattern,
        "title": r.title,
        "architecture": plain(r.architecture),
        "groupings": [_grouping(option) for option in r.groupings],
        "confidence": plain(r.confidence),
        "fits": not r.infeasible,
        "scores": plain(r.scores),
        "probabilities": plain(r.probabilities),
        "score_breakdown": [
            {
                "pattern": line.pattern,
                "term": line.term,
                "points": round(line.points, 4),
                "inputs": dict(line.values),
                "assumed": line.assumed,
                "why": line.why,
                "tag": line.tag,
                "source": line.source,
            }
            for line in r.score_breakdown
        ],
        "gates": plain(r.gates),
        "risks": plain(r.risks),
        "precautions": plain(r.precautions),
        "runner_up": {
            "pattern": r.runner_up.pattern,
            "gap": round(r.runner_up.gap, 4),
            "reasons": list(r.runner_up.reasons),
            "break_even_points": [_break_even_point(point) for point in r.runner_up.break_even_points],
        },
        "break_even_points": [_break_even_point(point) for point in r.break_even_points],
        "joint_break_even_points": [_break_even_point(point) for point in r.joint_break_even_points],
        "stack": {**plain(r.stack), "compared": plain(r.stacks)},
        "components": plain(r.components),
        "answers": answers_for(r),
        "sizes": {name: _sizes(estimate) for name, estimate in r.estimates.items()},
        "estimates": {name: _estimate(estimate) for name, estimate in r.estimates.items()},
        "host": {
            "name": r.estimate.host,
            "reason": r.host_reason,
            "compared": [_host(host) for host in r.hosts],
        },
        "costs": [_cost(cost) for cost in r.costs],
        "prices": r.prices,
        "claims": {name: dict(claim) for name, claim in r.claims.items()},
        "review_triggers": [_trigger(trigger) for trigger in r.review_triggers],
        "prometheus_rules": prometheus_rules(r.review_triggers),
        "next_steps": plain(next_steps(r)),
        "needs": _needs(r.needs),
        "assumed": sorted(r.needs.assumed),
        "notes": list(r.notes),
    }


def _break_even_point(point: BreakEvenPoint) -> Mapping[str, Any]:
    return {
        "pattern": point.label,
        "text": break_even_text(point),
        "size": round(point.size, 4),
        "changes": [
            {"input": c.input, "from": c.was, "to": c.to, "one_step_before": c.before} for c in point.changes
        ],
    }


def _grouping(option: GroupingOption) -> Mapping[str, Any]:
    return {
        "groups": plain(option.groups),
        "points": round(option.points, 4),
        "gains": plain(option.gains),
        "costs": plain(option.costs),
        "sagas": list(option.sagas),
        "gates": plain(option.gates),
        **_estimate(option.estimate),
        "commands": list(option.commands),
    }


def _estimate(estimate: Estimate) -> Mapping[str, Any]:
    return {
        **_latency(estimate, "p95_ms", estimate.p95_ms),
        **_latency(estimate, "answer_p95_ms", estimate.answer_ms),
        **_latency(estimate, "settled_p95_ms", estimate.settled_ms),
        "availability_percent": round(100 * estimate.availability, 4),
        "usd_month": round(estimate.monthly_usd, 2),
        "low_usd_month": round(estimate.low_usd, 2),
        "high_usd_month": round(estimate.high_usd, 2),
        "people_usd_month": round(estimate.people_usd, 2),
        "host": estimate.host,
        "deployables": len(estimate.plan.services),
    }


def _latency(estimate: Estimate, name: str, ms: float) -> Mapping[str, float]:
    """Return the bounds of a latency and its middle."""
    low, high = likely_range(ms, estimate.latency_sd)
    return {f"low_{name}": round(low, 1), name: round(ms, 1), f"high_{name}": round(high, 1)}


def _sizes(estimate: Estimate) -> Mapping[str, Any]:
    """Return the sizes of a pattern, with the cache only if it pays off."""
    plan = estimate.plan
    return {
        "cpu_millicores": plan.cpu_millicores,
        "memory_mib": plan.memory_mib,
        "services": plain(plan.services),
        "databases": plain(plan.databases if estimate.cached else plan.uncached_databases),
        "cache": plain(plan.cache) if estimate.cached else None,
        "broker": plain(plan.broker),
    }


def _trigger(trigger: ReviewTrigger) -> Mapping[str, Any]:
    fields = trigger._asdict()
    duration = fields.pop("duration")
    return {**fields, "for": duration}


def _host(host: HostCost) -> Mapping[str, Any]:
    low, base, high = host.usd or (0.0, 0.0, 0.0)
    return {
        "name": host.host,
        "product": host.product,
        "low_usd_month": round(low, 2) if host.usd else None,
        "usd_month": round(base, 2) if host.usd else None,
        "high_usd_month": round(high, 2) if host.usd else None,
        "availability_percent": round(100 * host.availability, 4),
        "fits": not host.obstacles,
        "obstacles": list(host.obstacles),
    }


def _cost(cost: CloudCost) -> Mapping[str, Any]:
    return {
        "cloud": cost.cloud,
        "product": cost.product,
        "low": round(cost.low.total, 2),
        "base": round(cost.base.total, 2),
        "high": round(cost.high.total, 2),
        "unverified_share": round(cost.base.unverified_share, 4),
        "lines": {line.name: round(line.usd, 2) for line in cost.base.lines},
        "groups": {name: round(usd, 2) for name, usd in cost.base.groups.items()},
        "bill": [_line(row) for row in bill_rows(cost)],
        "prices_from": cost.oldest,
        "prices_to": cost.newest,
        "warnings": list(cost.warnings),
    }


def _line(row: BillRow) -> Mapping[str, Any]:
    amounts: dict[str, Any] = {level: round(usd, 2) for level, usd in zip(COST_LEVELS, row.usd, strict=True)}
    return {
        "group": row.group,
        "name": row.name,
        "product": row.product,
        "verified": row.verified,
        **amounts,
    }


def _needs(needs: Needs) -> Mapping[str, Any]:
    values: dict[str, Any] = {name: getattr(needs, name) for name in INPUT_FIELDS}
    return {**values, "flows": plain(needs.flows)}
