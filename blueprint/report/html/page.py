"""HTML page of a recommendation: texts, tables and drawings."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from blueprint.advise.architecture import groups_text, summary_text
from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.cost.lines import GROUPS
from blueprint.advise.decide import Model
from blueprint.advise.formatting import (
    NEAR_GROUPINGS,
    NO_BREAK_EVEN_POINT,
    break_even_text,
    gap_text,
    grouping_text,
    label_text,
    robustness_text,
    sentence_case,
    share_text,
    value_text,
)
from blueprint.advise.next_steps import next_steps
from blueprint.advise.ranges import range_text
from blueprint.advise.result import Recommendation
from blueprint.advise.sensitivity import cost_curves, decision_map, latency_curves
from blueprint.needs.inputs import inputs
from blueprint.report.bill_table import bill_rows, own_cost
from blueprint.report.html import architecture, curves, waterfall
from blueprint.report.html.decision_map import decision_map_plot
from blueprint.templating import bytecode_cache


def to_html(r: Recommendation, model: Model) -> str:
    """Return a self-contained HTML document; `model` is the one that made the recommendation."""
    environment = Environment(
        loader=PackageLoader("blueprint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=bytecode_cache("pages"),
    )
    environment.filters["code"] = _code
    page = environment.get_template("page.html.jinja")
    style, _, _ = environment.loader.get_source(environment, "style.css")  # type: ignore[union-attr]
    return page.render(
        r=r,
        style=Markup(style),  # noqa: S704 - our own file
        confidence=_confidence(r),
        lead=_lead(r),
        tiles=_tiles(r),
        assumed=any(line.assumed and line.points for line in r.score_breakdown),
        answers=_answers(r),
        bill=_bill_rows(r),
        own=own_cost(r),
        own_rows=bill_rows(own_cost(r)),
        break_even_parts=_break_even_parts,
        gap_text=gap_text,
        groups_text=groups_text,
        near_groupings=NEAR_GROUPINGS,
        grouping_text=grouping_text,
        range_text=range_text,
        steps=next_steps(r),
        no_break_even_point=NO_BREAK_EVEN_POINT,
        sentence_case=sentence_case,
        **{name: Markup(drawing) for name, drawing in _drawings(r, model).items()},  # noqa: S704 - escaped by svg.py
        waterfalls={name: Markup(d) for name, d in waterfall.waterfalls(r).items()},  # noqa: S704 - escaped by svg.py
    )


def _code(text: str) -> Markup:
    """Return a text with its parts in backticks as code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _drawings(r: Recommendation, model: Model) -> Mapping[str, str]:
    return {
        "architecture": architecture.architecture(r),
        "decision_map": decision_map_plot(r, decision_map(r.needs, model)),
        "cost": curves.cost_plot(r, cost_curves(r.needs, model, r.shape)),
        "latency": curves.latency_plot(r, list(latency_curves(r.needs, model).values())),
    }


def _confidence(r: Recommendation) -> str:
    return "close call" if r.confidence.close_call else f"{r.confidence.level} confidence"


def _lead(r: Recommendation) -> str:
    c = r.confidence
    return (
        f"{sentence_case(summary_text(r.architecture))}. {r.architecture.path} "
        f"Probability {share_text(c.probability)} among the alternatives. The recommendation is "
        f"{robustness_text(c.robustness)} of answers and weights."
    )


def _tiles(r: Recommendation) -> list[Mapping[str, str]]:
    own = own_cost(r)
    services = r.estimate.plan.services
    low = sum(s.copies for s in services)
    high = sum(s.max_replicas * (2 if s.workers else 1) for s in services)
    where = f"in {len(services)} deployables" if len(services) > 1 else "in one deployable"
    return [
        {
            "name": f"Monthly cost on {own.product}",
            "value": f"${own.base.total:,.0f}",
            "note": f"${own.low.total:,.0f} to ${own.high.total:,.0f}, "
            f"{share_text(own.base.unverified_share)} on unverified prices",
        },
        {
            "name": "p95 at the load balancer",
            "value": f"{range_text(r.estimate.p95_ms, r.estimate.latency_sd)} ms",
            "note": f"target {r.needs.p95_ms:g} ms",
        },
        {
            "name": "Availability",
            "value": f"{r.estimate.availability:.2%}",
            "note": f"target {r.needs.availability:g}%",
        },
        {"name": "Replicas", "value": f"{low:,} to {high:,}" if high > low else f"{low:,}", "note": where},
    ]


def _answers(r: Recommendation) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = [
        {
            "name": sentence_case(label_text(name)),
            "value": value_text(name, getattr(r.needs, name)),
            "assumed": name in r.needs.assumed,
        }
        for name in inputs()
    ]
    flows = ", ".join(f"{flow.name} ({flow.level.replace('_', ' ')})" for flow in r.needs.flows)
    return [*rows, {"name": "Flows", "value": flows, "assumed": "flows" in r.needs.assumed}]


def _bill_rows(r: Recommendation) -> list[Mapping[str, Any]]:
    """Return the groups of the base bill with one column for each cloud, then the totals."""
    groups = [cost.base.groups for cost in r.costs]
    rows = [(name, [usd.get(name, 0.0) for usd in groups], "soft") for name in GROUPS]
    rows.append(("low", [cost.low.total for cost in r.costs], ""))
    rows.append(("base", [cost.base.total for cost in r.costs], "chosen"))
    rows.append(("high", [cost.high.total for cost in r.costs], ""))
    return [
        {"name": name, "amounts": [f"{amount:,.0f}" if amount else "-" for amount in amounts], "cls": cls}
        for name, amounts, cls in rows
        if any(amounts)
    ]


def _break_even_parts(point: BreakEvenPoint) -> tuple[str, str]:
    """Return the outcome and the condition, which the page emphasizes."""
    outcome, _, condition = break_even_text(point).partition(" if ")
    return f"{outcome} if", condition
