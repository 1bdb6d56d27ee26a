"""Questions about the needs: which ones to ask, their explanations, and how answers are parsed."""

from collections.abc import Mapping
from typing import Any

from blueprint.needs.answers import check_answer
from blueprint.needs.flows import CONSISTENCY_LEVELS
from blueprint.needs.inputs import Input, InputValue, groups, inputs

DONT_KNOW = "?"
DONT_KNOW_HELP = f"Type {DONT_KNOW} if you don't know; blueprint assumes the default."
LEVEL_HELP = {
    "eventual": "a short delay is fine",
    "read_your_writes": "the author of a change sees it at once",
    "strong": "everyone sees a change at once",
}


def required_questions(answers: Mapping[str, Any]) -> list[Input]:
    """Return the required questions without an answer."""
    return [spec for spec in _unanswered(answers) if _is_required(spec)]


def optional_questions(answers: Mapping[str, Any]) -> list[Input]:
    """Return the optional questions without an answer."""
    return [spec for spec in _unanswered(answers) if not _is_required(spec)]


def follows(spec: Input, answers: Mapping[str, Any]) -> bool:
    """Return whether other answers settle a question: in a single team, no change waits for another."""
    return spec.name == "waiting_percent" and answers.get("teams") == 1


def _is_required(spec: Input) -> bool:
    return groups()[spec.group].required and spec.required


def _unanswered(answers: Mapping[str, Any]) -> list[Input]:
    return [spec for spec in inputs().values() if spec.asked and spec.name not in answers]


def explanation(spec: Input) -> list[str]:
    """Return the lines below a question: help, choices or unit, an example, and what to type if in doubt."""
    choices = [f"{number}. {choice}" for number, choice in enumerate(spec.choices, start=1)]
    unit = f"Unit: {spec.unit}. " if spec.unit else ""
    return [spec.help, *(choices or [f"{unit}Example: {spec.example}."]), DONT_KNOW_HELP]


def level_explanation() -> list[str]:
    """Return the lines below the question about the consistency of a flow."""
    choices = [
        f"{number}. {level}: {LEVEL_HELP[level]}" for number, level in enumerate(CONSISTENCY_LEVELS, start=1)
    ]
    return [*choices, DONT_KNOW_HELP]


def parse_answer(spec: Input, text: str) -> InputValue:
    """Parse the answer to a question; None means "don't know". Raises NeedsError."""
    if text == DONT_KNOW:
        return None
    if spec.type == "boolean":
        return check_answer(spec, {"yes": True, "y": True, "no": False, "n": False}.get(text.lower(), text))
    return check_answer(spec, choice_by_number(text, spec.choices) if spec.choices else text)


def choice_by_number(text: str, choices: tuple[str, ...]) -> str:
    """Return the choice with a number, counted from 1, or the text itself if it is not such a number."""
    return choices[int(text) - 1] if text.isdecimal() and 0 < int(text) <= len(choices) else text
