"""The page: words, tables and drawings of one recommendation."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from blueprint.advise.decide import Model
from blueprint.advise.flips import Flip
from blueprint.advise.result import CloudCost, Recommendation
from blueprint.advise.survey import cost_curves, decision_map, latency_curves
from blueprint.advise.words import flip_text, label_text, value_text
from blueprint.needs.inputs import inputs
from blueprint.report.html import architecture, curves, territory, waterfall


def to_html(r: Recommendation, model: Model) -> str:
    """One self-contained HTML document. `model` is what the recommendation was made with."""
    environment = Environment(
        loader=PackageLoader("blueprint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("page.html.jinja")
    style, _, _ = environment.loader.get_source(environment, "style.css")  # type: ignore[union-attr]
    return page.render(
        r=r,
        style=Markup(style),  # noqa: S704 - our own file
        confidence=_confidence(r),
        lead=_lead(r),
        tiles=_tiles(r),
        assumed=any(line.assumed and line.points for line in r.account),
        answers=_answers(r),
        amounts=lambda cost: _amounts(cost, r.costs[0]),
        words=_flip_words,
        **{name: Markup(drawing) for name, drawing in _drawings(r, model).items()},  # noqa: S704 - escaped by svg.py
        waterfalls={name: Markup(d) for name, d in waterfall.waterfalls(r).items()},  # noqa: S704 - escaped by svg.py
    )


def _drawings(r: Recommendation, model: Model) -> Mapping[str, str]:
    return {
        "architecture": architecture.architecture(r),
        "territory": territory.decision_map(r, decision_map(r.needs, model)),
        "cost": curves.cost_plot(r, cost_curves(r.needs, model, r.pattern)),
        "latency": curves.latency_plot(r, list(latency_curves(r.needs, model).values())),
    }


def _confidence(r: Recommendation) -> str:
    return "close call" if r.confidence.close_call else f"{r.confidence.level} confidence"


def _lead(r: Recommendation) -> str:
    extras = f", with {' and '.join(r.modifiers)}" if r.modifiers else ""
    c = r.confidence
    return (
        f"Probability {c.probability:.0%} against the alternatives{extras}. The label stays the same in "
        f"{c.robustness:.0%} of 4,000 draws in which answers and weights vary."
    )


def _tiles(r: Recommendation) -> list[Mapping[str, str]]:
    own = next(cost for cost in r.costs if cost.cloud == r.needs.cloud)
    services = r.estimate.plan.services
    low, high = sum(s.replicas for s in services), sum(s.max_replicas for s in services)
    where = f"in {len(services)} deployables" if len(services) > 1 else "in one deployable"
    return [
        {
            "name": f"Cost a month on {r.needs.cloud}",
            "value": f"${own.base.total:,.0f}",
            "note": f"${own.low.total:,.0f} to ${own.high.total:,.0f}",
        },
        {
            "name": "p95 at the load balancer",
            "value": f"{r.estimate.p95_ms:.0f} ms",
            "note": f"target {r.needs.p95_ms:g} ms",
        },
        {
            "name": "Availability of the chain",
            "value": f"{r.estimate.availability:.3%}",
            "note": f"target {r.needs.availability:g} %",
        },
        {"name": "Replicas", "value": f"{low:,} to {high:,}", "note": where},
    ]


def _answers(r: Recommendation) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = [
        {
            "name": label_text(name),
            "value": value_text(name, getattr(r.needs, name)),
            "assumed": name in r.needs.assumed,
        }
        for name in inputs()
    ]
    flows = ", ".join(f"{flow.name} ({flow.level.replace('_', ' ')})" for flow in r.needs.flows)
    return [*rows, {"name": "flows", "value": flows, "assumed": "flows" in r.needs.assumed}]


def _amounts(cost: CloudCost, first: CloudCost) -> list[str]:
    """The lines of a bill in the order of the first cloud's; a line that it lacks is a dash."""
    lines = dict(cost.base.lines)
    return [f"{lines[name]:,.0f}" if name in lines else "-" for name, _ in first.base.lines]


def _flip_words(flip: Flip) -> tuple[str, str]:
    subject, _, condition = flip_text(flip).partition(" if ")
    return f"It {subject} if", condition
