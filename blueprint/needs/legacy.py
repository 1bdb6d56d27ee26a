"""Inputs of earlier versions, translated to the facts that replaced them."""

from collections.abc import Mapping
from typing import Any

from blueprint.needs.errors import NeedsError

# Version 1 of the model asked for a conclusion, `independent_deploy`. These facts stand for its choices.
WAITING_PERCENT: Mapping[str, float] = {"none": 0.0, "useful": 10.0, "required": 60.0}
INDEPENDENT_DEPLOY = "independent_deploy"


def translate(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with `independent_deploy` as a share of waiting changes. Raises NeedsError."""
    translated = {name: value for name, value in answers.items() if name != INDEPENDENT_DEPLOY}
    choice = answers.get(INDEPENDENT_DEPLOY)
    if choice is None:
        return translated
    if not isinstance(choice, str) or choice not in WAITING_PERCENT:
        raise NeedsError(
            f"team.{INDEPENDENT_DEPLOY}: {choice!r} is not a valid choice",
            hint="Answer waiting_percent instead: how many of 100 changes wait for another team?",
        )
    translated.setdefault("waiting_percent", WAITING_PERCENT[choice])
    return translated
