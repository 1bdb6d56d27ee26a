"""Static analysis of the names that a template or an expression takes from its context."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import meta, nodes
from jinja2.parser import Parser

from blueprint.templating import Sandbox, is_template

from .partial_evaluation import PartialTemplate, evaluate_partially

_SANDBOX = Sandbox()
GLOBALS = frozenset(_SANDBOX.globals)
"""Names that Jinja itself defines in every template."""


@dataclass(frozen=True)
class TemplateText:
    """A template, or an expression from a `when`, an `each` or a value of a pattern."""

    source: str
    expression: bool = False

    def parse(self) -> nodes.Template:
        """Parse into a new syntax tree, which the caller may modify. Raises jinja2.TemplateSyntaxError."""
        if not self.expression:
            return _SANDBOX.parse(self.source)
        parser = Parser(_SANDBOX, self.source, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            parser.fail(f"unexpected {parser.stream.current.value!r}")
        tree = nodes.Template([nodes.Output([expression], lineno=1)], lineno=1)
        tree.set_environment(_SANDBOX)
        return tree


def value_text(text: str) -> TemplateText:
    """Return the text of a value of a pattern: a template if it has statements, otherwise an expression."""
    return TemplateText(text, expression=not is_template(text))


@dataclass(frozen=True)
class Reference:
    """A template that another one includes or imports, and the names `own` that the other one sets.

    Without `context` (a plain `import`), the template only sees the names of Jinja itself.
    """

    template: str
    context: bool
    own: Mapping[str, Any]


@dataclass(frozen=True)
class UnresolvedNames:
    """The undefined names of a text with their first lines, and the templates that it refers to."""

    undefined: Mapping[str, int]
    references: tuple[Reference, ...]


@cache
def names_in(text: TemplateText) -> frozenset[str]:
    """The names that `text` takes from its context, in all branches. Raises TemplateSyntaxError."""
    return frozenset(meta.find_undeclared_variables(text.parse())) - GLOBALS


@cache
def constants_in(text: TemplateText) -> frozenset[str | int]:
    """The literal texts and numbers in an expression: its result can change at these values."""
    found = (node.value for node in text.parse().find_all(nodes.Const))
    return frozenset(value for value in found if isinstance(value, str | int) and not isinstance(value, bool))


@cache
def has_references(text: TemplateText) -> bool:
    """Whether `text` refers to other templates."""
    return any(True for _ in meta.find_referenced_templates(text.parse()))


def unresolved_names(text: TemplateText, context: Mapping[str, Any]) -> UnresolvedNames:
    """Find the names that `text` uses without a value in `context`, in the branches that are reachable.

    A name with the value UNKNOWN in the context is defined, but its value is not known.
    """
    if names_in(text) <= context.keys() and not has_references(text):
        return UnresolvedNames({}, ())
    partial = evaluate_partially(text.parse(), context)
    missing = meta.find_undeclared_variables(partial.tree) - GLOBALS - context.keys()
    lines: dict[str, int] = {}
    for node in partial.tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in missing:
            lines[node.name] = min(node.lineno, lines.get(node.name, node.lineno))
    return UnresolvedNames(dict(sorted(lines.items())), tuple(_references(partial)))


def _references(partial: PartialTemplate) -> Iterator[Reference]:
    for node in partial.tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        template = getattr(node, "template", None)
        names = template.value if isinstance(template, nodes.Const) else ()
        for name in [names] if isinstance(names, str) else names:
            if isinstance(name, str):
                yield Reference(name, getattr(node, "with_context", True), partial.own)
