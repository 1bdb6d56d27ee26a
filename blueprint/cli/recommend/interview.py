"""Questions of `blueprint recommend`: the required ones, then the optional ones on request."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from blueprint.needs.answers import NeedsAnswers, complete, overlay
from blueprint.needs.inputs import Input, default_flows
from blueprint.needs.questions import (
    LEVELS,
    choices_of,
    explanation,
    follows,
    optional_questions,
    parse_answer,
    parse_level,
    required_questions,
)

from ..console import pluralize
from ..dialog import Dialog
from ..question import Question
from ..user_defaults import UserDefaults

FLOW_INPUTS = ("flows", "consistency", "cross_module_tx")


def ask_needs(dialog: Dialog, answers: NeedsAnswers, defaults: UserDefaults) -> NeedsAnswers:
    """Return `answers` with those of the user added; an input that the user does not know is left out.

    The questions offer the `defaults` of the user.
    """
    collected = dict(answers)
    required = required_questions(answers)
    flows = [] if any(name in answers for name in FLOW_INPUTS) else default_flows()
    dialog.expect(len(required) + len(flows))
    _ask_each(dialog, required, collected, defaults)
    levels = [_ask_level(dialog, flow) for flow in flows]
    if any(levels):
        # The shares of the default flows are guesses.
        collected["flows"] = [
            {key: value for key, value in flow.items() if key != "share"} | {"level": level or flow["level"]}
            for flow, level in zip(flows, levels, strict=True)
        ]
    rest = optional_questions(answers)
    more = f"Answer {pluralize(len(rest), 'optional question')} as well?"
    if rest and dialog.ask_whether("optional", more, default=False):
        dialog.expect(len(rest))
        _ask_each(dialog, rest, collected, defaults)
    return collected


def _ask_each(
    dialog: Dialog, questions: Sequence[Input], collected: NeedsAnswers, defaults: UserDefaults
) -> None:
    for spec in questions:
        if follows(spec, collected):
            continue
        question = Question(
            text=spec.question,
            parse=partial(parse_answer, spec),
            default=getattr(complete(overlay(defaults.values, collected)), spec.name),
            help=[*explanation(spec), *[defaults.note] * (spec.name in defaults.values)],
            choices=choices_of(spec),
        )
        answer = dialog.ask(spec.name, question)
        if answer is not None:
            collected[spec.name] = answer


def _ask_level(dialog: Dialog, flow: Mapping[str, Any]) -> str | None:
    default: str | None = flow["level"]
    question = Question(
        text=f"How consistent must `{flow['name']}` be? ({', '.join(flow['modules'])})",
        parse=partial(parse_level, flow["name"]),
        default=default,
        choices=LEVELS,
    )
    return dialog.ask(f"flow {flow['name']}", question)
