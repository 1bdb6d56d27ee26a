"""Limits for the Jinja environments of other tools, as for blueprint's own."""

from typing import Any

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from blueprint.errors import HostilePatternError
from blueprint.render.engine import MAX_TOTAL
from blueprint.templating import limit_arithmetic


def limit_rendering(environment: SandboxedEnvironment) -> None:
    """Limit arithmetic in `environment`, and all text that it renders to the size of a project."""
    limit_arithmetic(environment)
    environment.globals.pop("lipsum", None)
    environment.template_class = _limited_template(MAX_TOTAL)


def _limited_template(limit: int) -> type[Template]:
    remaining = limit

    class LimitedTemplate(Template):
        def render(self, *args: Any, **kwargs: Any) -> str:
            nonlocal remaining
            text = super().render(*args, **kwargs)
            remaining -= len(text)
            if remaining < 0:
                raise HostilePatternError(f"the template renders more than {limit >> 20} MiB of text")
            return text

    return LimitedTemplate
