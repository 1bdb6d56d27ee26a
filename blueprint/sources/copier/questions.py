"""Copier's questions as options, evaluated by Copier with the earlier answers."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from copier._types import MISSING, LazyDict
from copier._user_data import AnswersMap, Question
from msgspec.structs import replace

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import (
    Boolean,
    Choice,
    Data,
    Integer,
    Number,
    Option,
    Text,
    TextList,
    Value,
    quote_value,
)
from blueprint.templating import resource_limits

from ..sanitize import error_text, one_line, printable
from .worker import QuietWorker


class CopierInterview:
    """Interview over the questions of a template; `given` are the answers in the form that Copier takes.

    `partial` means that code which questions may need is not loaded; `unevaluated`, that one needed it.
    """

    def __init__(self, worker: QuietWorker, pattern: str, *, partial: bool = False) -> None:
        self._worker = worker
        self._partial = partial
        self.unevaluated = False
        self._answered_with_nothing = False
        self._pattern = pattern
        self._remaining = iter(worker.template.questions_data)
        self._question: Question | None = None
        self.given: dict[str, Any] = {}
        worker.answers = AnswersMap(metadata=worker.template.metadata, external=LazyDict())

    def option(self, name: str) -> Option | None:
        """Return the question for the answers so far, after computing the hidden ones before it.

        None if it is not asked for these answers. Raises PatternError.
        """
        for each in self._remaining:
            option = self._evaluate(each)
            if each == name:
                return option
        raise LookupError(name)

    def answer(self, name: str, value: Value) -> None:
        """Store `value`. Raises AnswersError if Copier rejects it."""
        question = self._question
        if question is None or question.var_name != name:
            raise LookupError(name)
        try:
            with resource_limits(), self._worker.code.modules.importable():
                raw = _to_copier(question, value)
                parsed = question.parse_answer(raw)
                question.validate_answer(parsed)
        except Exception as error:
            shown = quote_value(value, secret=question.secret)
            raise AnswersError(
                f"{shown} is not valid for {name}: {error_text(error)}", hint="Use a different value."
            ) from error
        self._worker.answers.user[name] = parsed
        self.given[name] = raw

    def options(self) -> dict[str, Option]:
        """Return all questions that can be asked, each evaluated with the defaults of the earlier ones.

        A question without a default counts as answered with nothing, so that later ones can be evaluated.
        """
        questions = self._worker.template.questions_data
        asked = {name: details for name, details in questions.items() if details.get("when") is not False}
        return {name: self._at_defaults(name, details) for name, details in asked.items()}

    def _at_defaults(self, name: str, details: Mapping[str, Any]) -> Option:
        when = details.get("when", True)
        condition = None if when is True else str(when)
        try:
            option = self.option(name)
        except PatternError:
            if not (self._partial or self._answered_with_nothing):
                raise
            self.unevaluated |= self._partial
            return self._as_written(name, details, condition)
        if option is None:
            with suppress(Exception), resource_limits():
                option = option_of(self._question_named(name))
        if option is None:
            return Text(question=name, default="", when=condition, multiline=True)
        question = self._question_named(name)
        default = _default(question)
        if default is MISSING:
            self._answered_with_nothing = True
            with suppress(Exception):
                default = question.parse_answer(_to_copier(question, option.default))
        if default is not MISSING:
            self._worker.answers.user[name] = default
        return replace(option, when=condition)

    def _as_written(self, name: str, details: Mapping[str, Any], condition: str | None) -> Option:
        """Return a question with the texts of the template, for code that has not been loaded to evaluate."""
        default = details.get("default", "")
        text = default if isinstance(default, str) else json.dumps(default, default=str)
        self._worker.answers.user[name] = text
        question = one_line(str(details.get("help", ""))) or name
        return Text(question=question, default=printable(text), when=condition, multiline=True)

    def _evaluate(self, name: str) -> Option | None:
        """Return the question `name`, or store its default and return None if it is not asked."""
        try:
            with resource_limits(), self._worker.code.modules.importable():
                self._question = question = self._question_named(name)
                if question.get_when():
                    return option_of(question)
                self._worker.answers.hide(name)
                default = question.get_default()
                if default is not MISSING:
                    self._worker.answers.user[name] = default
                return None
        except Exception as error:
            raise PatternError(f"{self._pattern}: the question {name}: {error_text(error)}") from error

    def _question_named(self, name: str) -> Question:
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
    """Convert a question of Copier to an option."""
    first_line, _, rest = question.get_message().strip().partition("\n")
    default = _default(question)
    missing = default is MISSING
    common: dict[str, Any] = {
        "question": one_line(first_line),
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
            return TextList(choices=labels, default=chosen, **common)
        selected = next(iter(labels)) if missing else keys[_key(default)]
        return Choice(choices=labels, default=selected, **common)
    match question.get_type_name():
        case "bool":
            return Boolean(default=default is True, **common)
        case "int":
            return Integer(default=0 if missing else default, **common)
        case "float":
            return Number(default=0.0 if missing else default, **common)
        case "json" | "yaml":
            return Data(default=None if missing else default, **common)
        case _:
            text = "" if missing else str(default)
            placeholder = one_line(question.get_placeholder())
            return Text(default=text, multiline=True, placeholder=placeholder, **common)


def _default(question: Question) -> Any:
    """Return the default, or MISSING if the question has no default or Copier rejects it."""
    try:
        return question.get_default()
    except ValueError:
        return MISSING


def _choices(question: Question) -> Mapping[str, tuple[Any, str]]:
    """Return each enabled choice by the text that a user enters for it: its value and its label."""
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


def _to_copier(question: Question, value: Value) -> Any:
    """Convert `value` to the answer that Copier parses to the same value."""
    choices = _choices(question)
    if choices and question.multiselect and isinstance(value, list):
        return [_quoted(question, choices[key][0]) for key in value]
    if choices and isinstance(value, str):
        return _quoted(question, choices[value][0])
    return _quoted(question, value)


def _quoted(question: Question, value: Any) -> Any:
    """Quote text that answers a question of type json or yaml, because Copier parses such answers."""
    if isinstance(value, str) and question.get_type_name() in ("json", "yaml"):
        return json.dumps(value)
    return value
