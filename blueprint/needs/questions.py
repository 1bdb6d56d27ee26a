"""The questions: which are due, what they explain, and how an answer is read."""

from collections.abc import Mapping
from typing import Any

from blueprint.needs.answers import check_answer
from blueprint.needs.inputs import Input, InputValue, groups, inputs
from blueprint.needs.model import CONSISTENCY_LEVELS

DONT_KNOW = "?"
LEVEL_HELP = {
    "eventual": "a short delay is fine",
    "read_your_writes": "its author sees it at once",
    "strong": "everyone sees it at once",
}


def required_questions(answers: Mapping[str, Any]) -> list[Input]:
    """The questions of the required groups that are not answered yet."""
    return [i for i in _open(answers) if groups()[i.group].required and i.required]


def optional_questions(answers: Mapping[str, Any]) -> list[Input]:
    """The questions that are offered after the required ones."""
    return [i for i in _open(answers) if not (groups()[i.group].required and i.required)]


def _open(answers: Mapping[str, Any]) -> list[Input]:
    return [spec for spec in inputs().values() if spec.asked and spec.name not in answers]


def explanation(spec: Input) -> list[str]:
    """What stands below a question: help, choices or unit, an example, and the way out."""
    choices = [f"{number}. {choice}" for number, choice in enumerate(spec.choices, start=1)]
    unit = f"In {spec.unit}, for example {spec.example}." if spec.unit else f"For example {spec.example}."
    return [
        spec.help,
        *(choices or [unit]),
        f"Write {DONT_KNOW} if you don't know: the default is then assumed.",
    ]


def level_explanation() -> list[str]:
    """What stands below the question about a flow's consistency."""
    choices = [
        f"{number}. {level}: {LEVEL_HELP[level]}" for number, level in enumerate(CONSISTENCY_LEVELS, start=1)
    ]
    return [*choices, f"Write {DONT_KNOW} if you don't know: the default is then assumed."]


def parse_answer(spec: Input, text: str) -> InputValue:
    """The answer in a line of text; None for "don't know". Raises NeedsError."""
    if text == DONT_KNOW:
        return None
    if spec.type == "boolean":
        return check_answer(spec, {"yes": True, "y": True, "no": False, "n": False}.get(text.lower(), text))
    return check_answer(spec, choice_by_number(text, spec.choices) if spec.choices else text)


def choice_by_number(text: str, choices: tuple[str, ...]) -> str:
    """The choice that a number stands for, or the text itself."""
    return choices[int(text) - 1] if text.isdecimal() and 0 < int(text) <= len(choices) else text
