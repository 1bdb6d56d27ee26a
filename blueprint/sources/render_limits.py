"""Other tools' Jinja environments, with the limits of our own."""

from typing import Any

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from blueprint.errors import HostilePatternError
from blueprint.render.engine import MAX_TOTAL
from blueprint.sandbox import limit_arithmetic


def limit_rendering(environment: SandboxedEnvironment) -> None:
    """Refuse arithmetic of huge numbers, and more text than a project may have, in all that it renders."""
    limit_arithmetic(environment)
    environment.globals.pop("lipsum", None)
    environment.template_class = _limited_template(MAX_TOTAL)


def _limited_template(budget: int) -> type[Template]:
    rest = budget

    class Metered(Template):
        def render(self, *args: Any, **kwargs: Any) -> str:
            nonlocal rest
            text = super().render(*args, **kwargs)
            rest -= len(text)
            if rest < 0:
                raise HostilePatternError(f"the template makes over {budget >> 20} MiB of text")
            return text

    return Metered
