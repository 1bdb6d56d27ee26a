"""Cookiecutter's variables as options: each is rendered by Cookiecutter, with the answers before it."""

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from cookiecutter.prompt import render_variable
from jinja2 import UndefinedError

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Boolean, Choice, Data, Option, Text, Value
from blueprint.sandbox import resource_limits

from ..sanitize import error_text, one_line
from .environment import environment_for, importable
from .folder import TemplateFolder

NESTED = "template"
"""The option that chooses one of several nested templates; Cookiecutter reserves the name for that."""


class VariablesInterview:
    """One pass over the variables of a template. `values` is what its files see of them."""

    def __init__(self, template: TemplateFolder, *, trusted: bool) -> None:
        self.template = template
        self.values: dict[str, Any] = OrderedDict()
        self._steps = _steps(template.variables)
        self._choices: dict[str, Mapping[str, Any]] = {}
        with importable(template.folder, trusted=trusted):
            self._environment = environment_for(template.variables, trusted=trusted)

    def option(self, name: str) -> Option | None:
        """The variable as it is now; private ones before it are rendered on the way. Raises PatternError."""
        if name not in self.template.variables:
            return None
        for each in self._steps:
            if each == name:
                return self._guarded(name)
            self._guarded(each)
        raise LookupError(name)

    def answer(self, name: str, value: Value) -> None:
        """Remember `value`. Raises AnswersError if the variable is a mapping and `value` is none."""
        if isinstance(self.template.variables[name], dict) and not isinstance(value, dict):
            raise AnswersError(f"{value!r} is no value for {name}", hint=f"{name} is a mapping.")
        self.values[name] = self._choices[name][str(value)] if name in self._choices else value

    def finish(self) -> Mapping[str, Any]:
        """Render what is left, and give what the files see."""
        for each in self._steps:
            self._guarded(each)
        return self.values

    def _guarded(self, name: str) -> Option | None:
        try:
            with resource_limits():
                return self._render(name)
        except Exception as error:
            where = self.template.folder.name
            raise PatternError(f"{where}: the variable {name}: {error_text(error)}") from error

    def _render(self, name: str) -> Option | None:
        raw = self.template.variables[name]
        if name.startswith("_") and not name.startswith("__"):
            self.values[name] = raw
            return None
        if name.startswith("__"):
            self.values[name] = render_variable(self._environment, raw, self.values)
            return None
        try:
            return self._option(name, raw, render_variable(self._environment, raw, self.values))
        except UndefinedError:
            # Whoever uses the template is meant to give it, as the tool does that the template is part of.
            return self._option(name, None, None)

    def _option(self, name: str, raw: Any, rendered: Any) -> Option:
        prompt = self.template.prompts.get(name, name)
        labels: Mapping[str, Any] = prompt if isinstance(prompt, dict) else {}
        question = one_line(str(labels.get("__prompt__", name) if labels else prompt))
        if isinstance(raw, list):
            if not rendered:
                raise PatternError("the list of choices is empty")
            values = {each if isinstance(each, str) else json.dumps(each): each for each in rendered}
            self._choices[name] = values
            choices = {key: one_line(str(labels.get(key, each))) for key, each in values.items()}
            return Choice(question=question, choices=choices, default=next(iter(values)))
        if isinstance(raw, bool):
            return Boolean(question=question, default=raw)
        if isinstance(raw, dict):
            return Data(question=question, default=rendered)
        text = "" if rendered is None else str(rendered)
        return Text(question=question, default=text, multiline=True, required=raw is None)


class NestedInterview:
    """First which of the nested templates, then the variables of that one."""

    def __init__(self, template: TemplateFolder, *, trusted: bool) -> None:
        self._template = template
        self._trusted = trusted
        self.chosen: VariablesInterview | None = None

    def option(self, name: str) -> Option | None:
        """The choice, or a variable of the chosen template."""
        if name == NESTED:
            labels = {key: nested.label for key, nested in self._template.nested.items()}
            return Choice(question="Which template?", choices=labels, default=next(iter(labels)))
        return self.chosen.option(name) if self.chosen else None

    def answer(self, name: str, value: Value) -> None:
        """Choose a template, or answer one of its variables."""
        if name == NESTED:
            template = self._template.nested[str(value)].template
            self.chosen = VariablesInterview(template, trusted=self._trusted)
        elif self.chosen:
            self.chosen.answer(name, value)


def interview_for(template: TemplateFolder, *, trusted: bool) -> VariablesInterview | NestedInterview:
    """Begin to answer the variables of `template`."""
    kind = NestedInterview if template.nested else VariablesInterview
    return kind(template, trusted=trusted)


def options_of(template: TemplateFolder, *, trusted: bool) -> dict[str, Option]:
    """All variables that are asked, each as it is when those before have their defaults.

    Of several nested templates, the first one that has a variable says what it is like.
    """
    options: dict[str, Option] = {}
    if template.nested:
        choice = NestedInterview(template, trusted=trusted).option(NESTED)
        options = {NESTED: choice} if choice else {}
    for each in [nested.template for nested in template.nested.values()] or [template]:
        options = {**_at_defaults(each, trusted=trusted), **options}
    if NESTED in options:
        options = {NESTED: options.pop(NESTED), **options}
    return options


def _at_defaults(template: TemplateFolder, *, trusted: bool) -> dict[str, Option]:
    interview = VariablesInterview(template, trusted=trusted)
    options = {}
    for name in dict.fromkeys(_steps(template.variables)):
        if name.startswith("_"):
            continue
        option = interview.option(name)
        if option is not None:
            interview.answer(name, option.default)
            options[name] = option
    return options


def _steps(variables: Mapping[str, Any]) -> Iterator[str]:
    """The order in which Cookiecutter goes through the variables: mappings may refer to all others."""
    yield from (name for name, raw in variables.items() if not isinstance(raw, dict) or name.startswith("_"))
    for name, raw in variables.items():
        if isinstance(raw, dict) and (not name.startswith("_") or name.startswith("__")):
            yield name
