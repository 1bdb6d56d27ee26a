"""Cookiecutter's variables as options, rendered by Cookiecutter with the earlier answers."""

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from cookiecutter.prompt import render_variable
from jinja2 import UndefinedError

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Boolean, Choice, Data, Option, Text, Value
from blueprint.templating import resource_limits

from ..sanitize import error_text, one_line
from .environment import environment_for
from .folder import TemplateFolder

NESTED = "template"
"""The option that selects one of several nested templates; Cookiecutter reserves this name for it."""


class VariablesInterview:
    """Interview over the variables of a template; `values` are the variables that its files see."""

    def __init__(self, template: TemplateFolder, *, trusted: bool) -> None:
        self.template = template
        self.values: dict[str, Any] = OrderedDict()
        self._remaining = _render_order(template.variables)
        self._choices: dict[str, Mapping[str, Any]] = {}
        self._trusted = trusted
        with template.running(trusted=trusted):
            self._environment = environment_for(template.variables, trusted=trusted)

    def option(self, name: str) -> Option | None:
        """Return the variable for the answers so far, after rendering the private ones before it.

        None if the template has no such variable. Raises PatternError.
        """
        if name not in self.template.variables:
            return None
        for each in self._remaining:
            if each == name:
                return self._render(name)
            self._render(each)
        raise LookupError(name)

    def answer(self, name: str, value: Value) -> None:
        """Store `value`. Raises AnswersError if the variable is a mapping and `value` is not."""
        if isinstance(self.template.variables[name], dict) and not isinstance(value, dict):
            raise AnswersError(f"{value!r} is not valid for {name}", hint="Use a mapping.")
        self.values[name] = self._choices[name][str(value)] if name in self._choices else value

    def finish(self) -> Mapping[str, Any]:
        """Render the remaining variables, and return all of them."""
        for each in self._remaining:
            self._render(each)
        return self.values

    def unevaluated(self, name: str) -> Option:
        """Return the variable as the template writes it: an extension that was not loaded evaluates it."""
        raw = self.template.variables[name]
        if isinstance(raw, dict):
            return Data(question=name, default=raw)
        text = raw if isinstance(raw, str) else json.dumps(raw)
        return Text(question=name, default=text, multiline=True)

    def _render(self, name: str) -> Option | None:
        try:
            with resource_limits(), self.template.running(trusted=self._trusted):
                return self._evaluate(name)
        except Exception as error:
            template = self.template.folder.name
            raise PatternError(f"{template}: the variable {name}: {error_text(error)}") from error

    def _evaluate(self, name: str) -> Option | None:
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
            # The template expects the value from its caller, such as the tool that it is part of.
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
    """Interview that selects one of the nested templates, and then covers its variables."""

    def __init__(self, template: TemplateFolder, *, trusted: bool) -> None:
        self._template = template
        self._trusted = trusted
        self.chosen: VariablesInterview | None = None

    def option(self, name: str) -> Option | None:
        """Return the selection of a template, or a variable of the selected one."""
        if name == NESTED:
            labels = {key: nested.label for key, nested in self._template.nested.items()}
            return Choice(question="Which template?", choices=labels, default=next(iter(labels)))
        return self.chosen.option(name) if self.chosen else None

    def answer(self, name: str, value: Value) -> None:
        """Select a template, or answer one of its variables."""
        if name == NESTED:
            template = self._template.nested[str(value)].template
            self.chosen = VariablesInterview(template, trusted=self._trusted)
        elif self.chosen:
            self.chosen.answer(name, value)


def interview_for(template: TemplateFolder, *, trusted: bool) -> VariablesInterview | NestedInterview:
    """Start an interview over the variables of `template`."""
    interview = NestedInterview if template.nested else VariablesInterview
    return interview(template, trusted=trusted)


def options_of(template: TemplateFolder, *, trusted: bool) -> tuple[dict[str, Option], bool]:
    """Return all variables that are asked, each evaluated with the defaults of the earlier ones.

    If several nested templates have the same variable, that of the first one is returned. The second value
    says whether all could be evaluated without the extensions of a template that is not `trusted`.
    """
    options: dict[str, Option] = {}
    complete = True
    if template.nested:
        choice = NestedInterview(template, trusted=trusted).option(NESTED)
        options = {NESTED: choice} if choice else {}
    for each in [nested.template for nested in template.nested.values()] or [template]:
        found, whole = _at_defaults(each, trusted=trusted)
        options, complete = {**found, **options}, complete and whole
    if NESTED in options:
        options = {NESTED: options.pop(NESTED), **options}
    return options, complete


def _at_defaults(template: TemplateFolder, *, trusted: bool) -> tuple[dict[str, Option], bool]:
    interview = VariablesInterview(template, trusted=trusted)
    options: dict[str, Option] = {}
    complete = True
    for name in dict.fromkeys(_render_order(template.variables)):
        if name.startswith("_"):
            continue
        try:
            option = interview.option(name)
        except PatternError:
            if trusted or not template.extensions:
                raise
            complete, option = False, interview.unevaluated(name)
        if option is not None:
            interview.answer(name, option.default)
            options[name] = option
    return options, complete


def _render_order(variables: Mapping[str, Any]) -> Iterator[str]:
    """Yield the variables in Cookiecutter's order: mappings come last, as they may use all others."""
    yield from (name for name, raw in variables.items() if not isinstance(raw, dict) or name.startswith("_"))
    for name, raw in variables.items():
        if isinstance(raw, dict) and (not name.startswith("_") or name.startswith("__")):
            yield name
