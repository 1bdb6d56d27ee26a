"""The options of a native pattern, one after the other."""

from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateError
from msgspec.structs import replace

from blueprint.errors import AnswersError, PatternError
from blueprint.sandbox import Sandbox, TooMuchError, bounded, explain

from .model import Option, Pattern, Text, Value

_FAILURES = (TemplateError, TooMuchError, TypeError, ValueError, ArithmeticError)


class NativeInterview:
    """Conditions and defaults see the answers before them, templates the name of the project as well."""

    def __init__(self, pattern: Pattern, project: str) -> None:
        self._pattern = pattern
        self._names: dict[str, Any] = {"project": project, "package": project.replace("-", "_")}
        self._answers: dict[str, Value] = {}

    def option(self, name: str) -> Option | None:
        """The option as it is now; a default that is a template is rendered."""
        if not condition_holds(self._pattern, name, self._answers):
            return None
        option = self._pattern.options[name]
        if isinstance(option, Text) and "{" in option.default:
            return replace(option, default=self._render(f"the default of option {name}", option.default))
        return option

    def answer(self, name: str, value: Value) -> None:
        """Remember `value`, unless the option's validator complains."""
        self._answers[name] = value
        option = self._pattern.options[name]
        if option.validator is None:
            return
        complaint = self._render(f"the validator of option {name}", option.validator).strip()
        if complaint:
            what = "what was given" if option.secret else repr(value)
            raise AnswersError(f"{what} is no value for {name}: {complaint}", hint="Answer it differently.")

    def _render(self, what: str, template: str) -> str:
        try:
            with bounded():
                return Sandbox().from_string(template).render(self._names, **self._answers)
        except _FAILURES as error:
            raise PatternError(f"{self._pattern.folder}: {what}: {explain(error)}") from error


def condition_holds(pattern: Pattern, name: str, options: Mapping[str, Value]) -> bool:
    """Whether the `when` of the option `name` holds with `options`. Raises PatternError."""
    when = pattern.options[name].when
    if when is None:
        return True
    try:
        with bounded():
            return bool(Sandbox().evaluate(when, dict(options)))
    except _FAILURES as error:
        place = f"{pattern.folder}: the condition of option {name} ({when})"
        raise PatternError(f"{place}: {explain(error)}") from error
