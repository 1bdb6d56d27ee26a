"""Questions about the needs: which ones to ask, their explanations, and how answers are parsed."""

from collections.abc import Mapping
from typing import Any

from blueprint.needs.answers import check_answer, check_choice
from blueprint.needs.flows import CONSISTENCY_LEVELS
from blueprint.needs.inputs import Input, InputValue, groups, inputs

DONT_KNOW = "?"
DONT_KNOW_HELP = f"Type {DONT_KNOW} if you don't know; blueprint assumes the default."
DONT_KNOW_CHOICE = "I don't know; assume the default"
LEVELS = {
    "eventual": "a short delay is fine",
    "read_your_writes": "the author of a change sees it at once",
    "strong": "everyone sees a change at once",
    DONT_KNOW: DONT_KNOW_CHOICE,
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
    """Return the lines below a question: help, unit, an example, and what to type if in doubt."""
    unit = f"Unit: {spec.unit}. " if spec.unit else ""
    example = [] if choices_of(spec) else [f"{unit}Example: {spec.example}. {DONT_KNOW_HELP}"]
    return [spec.help, *example]


def choices_of(spec: Input) -> Mapping[str, str]:
    """Return the possible answers to a question with their descriptions; empty if they are not a list."""
    names = ("yes", "no") if spec.type == "boolean" else spec.choices
    return {**dict.fromkeys(names, ""), DONT_KNOW: DONT_KNOW_CHOICE} if names else {}


def parse_answer(spec: Input, text: str) -> InputValue:
    """Parse the answer to a question; None means "don't know". Raises NeedsError."""
    if text == DONT_KNOW:
        return None
    return check_answer(spec, text)


def parse_level(flow: str, text: str) -> str | None:
    """Parse the answer about the consistency of a flow; None means "don't know". Raises NeedsError."""
    return (
        None if text == DONT_KNOW else str(check_choice(f"consistency of {flow}", text, CONSISTENCY_LEVELS))
    )
