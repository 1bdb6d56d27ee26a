"""Questions of `blueprint recommend`: the required ones, then the optional ones on request."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from blueprint.needs.answers import NeedsAnswers, check_choice, complete
from blueprint.needs.flows import CONSISTENCY_LEVELS
from blueprint.needs.inputs import Input, default_flows
from blueprint.needs.questions import (
    DONT_KNOW,
    choice_by_number,
    explanation,
    follows,
    level_explanation,
    optional_questions,
    parse_answer,
    required_questions,
)

from ..console import Console, pluralize

FLOW_INPUTS = ("flows", "consistency", "cross_module_tx")


def ask_needs(answers: NeedsAnswers, console: Console) -> NeedsAnswers:
    """Return `answers` with those of the user added; an input that the user does not know is left out."""
    collected = dict(answers)
    for spec in required_questions(answers):
        if not follows(spec, collected):
            _ask(spec, collected, console)
    if not any(name in answers for name in FLOW_INPUTS):
        _ask_flows(collected, console)
    rest = optional_questions(answers)
    if rest and console.confirm(f"Answer {pluralize(len(rest), 'optional question')} as well?"):
        for spec in rest:
            _ask(spec, collected, console)
    return collected


def _ask(spec: Input, collected: NeedsAnswers, console: Console) -> None:
    default = getattr(complete(collected), spec.name)
    answer = console.ask(spec.question, explanation(spec), partial(parse_answer, spec), default)
    if answer is not None:
        collected[spec.name] = answer


def _ask_flows(collected: NeedsAnswers, console: Console) -> None:
    """Ask for the consistency of each default flow; flows remain assumed if no answer is known."""
    flows = [{key: value for key, value in flow.items() if key != "share"} for flow in default_flows()]
    levels = [_ask_level(flow, console) for flow in flows]
    if any(levels):
        collected["flows"] = [
            flow | {"level": level or flow["level"]} for flow, level in zip(flows, levels, strict=True)
        ]


def _ask_level(flow: Mapping[str, Any], console: Console) -> str | None:
    def parse(text: str) -> str | None:
        label = f"consistency of {flow['name']}"
        return (
            None
            if text == DONT_KNOW
            else str(check_choice(label, choice_by_number(text, CONSISTENCY_LEVELS), CONSISTENCY_LEVELS))
        )

    default: str | None = flow["level"]
    question = f"How consistent must `{flow['name']}` be? ({', '.join(flow['modules'])})"
    return console.ask(question, level_explanation(), parse, default)
