"""All syntax errors of a template are found at once."""

import pytest

from blueprint.authoring.syntax import syntax_errors
from blueprint.authoring.template_names import TemplateText


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("{{ fine }}", []),
        ("{{ a b }}\nfine\n{{ c d }}{{ e f }}", [1, 3, 3]),
        ("{% if x = %}\na\n{% elif ) %}\nb\n{% else %}\n{{ c d }}{% endif %}", [1, 3, 6]),
        ("{% for in x %}\n{{ a b }}\n{% endfor %}", [1, 2]),
        ("{{ a b }}\n{{\n  c\n  d\n}}\n{% frob %}", [1, 4, 6]),
        ("{% if x %}\n{{ a b }}", [2, 1]),
        ("{% endif %}\n{{ a b }}", [1]),
        ("{{ a", [1]),
        ("{% macro m( %}{% endmacro %}", [1]),
    ],
)
def test_every_tag_with_an_error_is_named(source: str, lines: list[int]) -> None:
    """Each invalid tag gives one error with its line; a missing end gives one, and no follow-on errors."""
    assert [error.lineno for error in syntax_errors(TemplateText(source))] == lines
