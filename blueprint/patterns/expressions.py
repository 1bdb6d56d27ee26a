"""Conditions and small templates of a pattern, evaluated in the sandbox.

The model imports this when needed: the template engine takes longer to load than a list of patterns to read.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import TemplateError

from blueprint.errors import PatternError
from blueprint.sandbox import LimitExceededError, Sandbox, explain, resource_limits


def render_text(template: str, names: Mapping[str, Any], place: str) -> str:
    """Render `template`, which is at `place` in a pattern, with `names`. Raises PatternError."""
    with _reported(place):
        return Sandbox().from_string(template).render(names)


def holds(condition: str, names: Mapping[str, Any], place: str) -> bool:
    """Return whether `condition`, at `place` in a pattern, holds for `names`. Raises PatternError."""
    with _reported(place):
        return bool(Sandbox().evaluate(condition, dict(names)))


@contextmanager
def _reported(place: str) -> Iterator[None]:
    try:
        with resource_limits():
            yield
    except (TemplateError, LimitExceededError, TypeError, ValueError, ArithmeticError) as error:
        raise PatternError(f"{place}: {explain(error)}") from error
