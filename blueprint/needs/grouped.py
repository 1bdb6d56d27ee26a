"""Groups of answers: the content of a needs.yaml file."""

from typing import Any

from blueprint.needs.answers import NeedsAnswers, check_answer, check_name, unknown_name
from blueprint.needs.errors import NeedsError
from blueprint.needs.inputs import groups, inputs
from blueprint.needs.legacy import INDEPENDENT_DEPLOY, translate

FORMAT = 1


def answers_in(document: Any, name: str) -> NeedsAnswers:
    """Return the answers in the content of a needs.yaml file called `name`. Raises NeedsError."""
    if not isinstance(document, dict):
        raise NeedsError(f"{name}: expected groups such as `traffic:`", hint=_example("traffic"))
    if document.get("format", FORMAT) != FORMAT:
        raise NeedsError(
            f"{name}: format: only format {FORMAT} is supported", hint="Update blueprint to read this file."
        )
    answers: NeedsAnswers = {}
    for group, rows in document.items():
        if group == "format" or (rows is None and group in groups()):
            continue
        if group not in groups():
            raise unknown_name(f"{name}: {group}", str(group), list(groups()))
        if not isinstance(rows, dict):
            raise NeedsError(f"{name}: {group}: expected `input: value` lines", hint=_example(group))
        for key, value in rows.items():
            _add_answer(answers, group, str(key), value, name)
    return translate(answers)


def _add_answer(answers: NeedsAnswers, group: str, key: str, value: object, name: str) -> None:
    if group == "consistency" and key == "flows":
        answers["flows"] = value
        return
    if group == "team" and key == INDEPENDENT_DEPLOY:
        answers[key] = value
        return
    check_name(key, where=f"{name}: {group}.")
    spec = inputs().get(key)
    if spec is None or spec.group != group:
        owner = spec.group if spec else "consistency"
        raise NeedsError(
            f"{name}: {group}.{key}: belongs to {owner}", hint=f"Move it to the group `{owner}:`."
        )
    if value is not None:
        answers[key] = check_answer(spec, value)


def _example(group: str) -> str:
    spec = next(i for i in inputs().values() if i.group == group)
    return f"For example: `{group}: {{{spec.name}: {spec.default}}}`."
