"""Copier's questions as options: each is evaluated by Copier itself, with the answers before it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from copier._types import MISSING, LazyDict
from copier._user_data import AnswersMap, Question
from msgspec.structs import replace

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Boolean, Choice, Data, Integer, Number, Option, Text, TextList, Value
from blueprint.sandbox import resource_limits

from ..sanitize import error_text, one_line, printable
from .worker import QuietWorker


class CopierInterview:
    """One pass over the questions of a template. `given` is what Copier is to be given as answers."""

    def __init__(self, worker: QuietWorker, pattern: str) -> None:
        self._worker = worker
        self._pattern = pattern
        self._names = iter(worker.template.questions_data)
        self._question: Question | None = None
        self.given: dict[str, Any] = {}
        worker.answers = AnswersMap(metadata=worker.template.metadata, external=LazyDict())

    def option(self, name: str) -> Option | None:
        """The question as it is now; those before it that nobody is ever asked are computed on the way."""
        for each in self._names:
            option = self._open(each)
            if each == name:
                return option
        raise LookupError(name)

    def answer(self, name: str, value: Value) -> None:
        """Remember `value`. Raises AnswersError if Copier does not take it."""
        question = self._question
        if question is None or question.var_name != name:
            raise LookupError(name)
        try:
            with resource_limits():
                raw = _raw(question, value)
                parsed = question.parse_answer(raw)
                question.validate_answer(parsed)
        except Exception as error:
            what = "what was given" if question.secret else repr(value)
            raise AnswersError(
                f"{what} is no value for {name}: {error_text(error)}", hint="Answer it differently."
            ) from error
        self._worker.answers.user[name] = parsed
        self.given[name] = raw

    def options(self) -> dict[str, Option]:
        """All questions that somebody may be asked, each as it is when those before have their defaults."""
        questions = self._worker.template.questions_data
        asked = {name: details for name, details in questions.items() if details.get("when") is not False}
        return {name: self._at_defaults(name, details) for name, details in asked.items()}

    def _at_defaults(self, name: str, details: Mapping[str, Any]) -> Option:
        when = details.get("when", True)
        condition = None if when is True else str(when)
        option = self.option(name)
        if option is None:
            with suppress(Exception), resource_limits():
                option = option_of(self._ask(name))
        if option is None:
            return Text(question=name, default="", when=condition, multiline=True)
        default = _default(self._ask(name))
        if default is not MISSING:
            self._worker.answers.user[name] = default
        return replace(option, when=condition)

    def _open(self, name: str) -> Option | None:
        """The question `name`, or None if it is not asked now: it has its default all the same."""
        try:
            with resource_limits():
                self._question = question = self._ask(name)
                if question.get_when():
                    return option_of(question)
                self._worker.answers.hide(name)
                default = question.get_default()
                if default is not MISSING:
                    self._worker.answers.user[name] = default
                return None
        except Exception as error:
            raise PatternError(f"{self._pattern}: the question {name}: {error_text(error)}") from error

    def _ask(self, name: str) -> Question:
        worker = self._worker
        return Question(
            answers=worker.answers,
            context=worker._render_context(),
            jinja_env=worker.jinja_env,
            settings=worker.settings,
            var_name=name,
            **worker.template.questions_data[name],
        )


def option_of(question: Question) -> Option:
    """A question of Copier as an option."""
    head, _, rest = question.get_message().strip().partition("\n")
    default = _default(question)
    missing = default is MISSING
    asked: dict[str, Any] = {
        "question": one_line(head),
        "help": printable(rest),
        "ask": "always" if question.get_ask() else "never",
        "required": missing,
        "secret": question.secret,
    }
    choices = _choices(question)
    if choices:
        labels = {key: label for key, (_, label) in choices.items()}
        keys = {_key(value): key for key, (value, _) in choices.items()}
        if question.multiselect:
            chosen = [] if missing else [keys[_key(value)] for value in default]
            return TextList(choices=labels, default=chosen, **asked)
        return Choice(choices=labels, default=next(iter(labels)) if missing else keys[_key(default)], **asked)
    match question.get_type_name():
        case "bool":
            return Boolean(default=default is True, **asked)
        case "int":
            return Integer(default=0 if missing else default, **asked)
        case "float":
            return Number(default=0.0 if missing else default, **asked)
        case "json" | "yaml":
            return Data(default=None if missing else default, **asked)
        case _:
            text = "" if missing else str(default)
            placeholder = one_line(question.get_placeholder())
            return Text(default=text, multiline=True, placeholder=placeholder, **asked)


def _default(question: Question) -> Any:
    """The default, or MISSING if there is none that Copier itself would take."""
    try:
        return question.get_default()
    except ValueError:
        return MISSING


def _choices(question: Question) -> Mapping[str, tuple[Any, str]]:
    """What is to be typed for each choice that can be chosen, with its value and what it is called."""
    if not question.choices:
        return {}
    choices: dict[str, tuple[Any, str]] = {}
    for choice in question._formatted_choices:
        if choice.disabled:
            continue
        value, label = question.cast_answer(choice.value), one_line(str(choice.title))
        choices[one_line(value) if isinstance(value, str) else _key(value)] = (value, label)
    return choices


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _raw(question: Question, value: Value) -> Any:
    """What Copier has to be given so that it understands `value`."""
    choices = _choices(question)
    if choices and question.multiselect and isinstance(value, list):
        return [_quoted(question, choices[key][0]) for key in value]
    if choices and isinstance(value, str):
        return _quoted(question, choices[value][0])
    return _quoted(question, value)


def _quoted(question: Question, value: Any) -> Any:
    """Copier parses a text that answers a question of type json or yaml; a text in quotes stays one."""
    if isinstance(value, str) and question.get_type_name() in ("json", "yaml"):
        return json.dumps(value)
    return value
