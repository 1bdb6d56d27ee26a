"""Which names a template or an expression takes from its context, found without running it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import meta, nodes
from jinja2.parser import Parser

from blueprint.sandbox import Sandbox

from .partial_evaluation import PartialTemplate, evaluate_partially

_SANDBOX = Sandbox()
GLOBALS = frozenset(_SANDBOX.globals)
"""The names that every template has from Jinja itself."""


@dataclass(frozen=True)
class TemplateText:
    """A template, or with `expression` what stands in a `when`, an `each` or a value of a pattern."""

    source: str
    expression: bool = False

    def parse(self) -> nodes.Template:
        """A syntax tree that nobody else has. Raises jinja2.TemplateSyntaxError."""
        if not self.expression:
            return _SANDBOX.parse(self.source)
        parser = Parser(_SANDBOX, self.source, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            parser.fail(f"unexpected {parser.stream.current.value!r}")
        tree = nodes.Template([nodes.Output([expression], lineno=1)], lineno=1)
        tree.set_environment(_SANDBOX)
        return tree


@dataclass(frozen=True)
class Reference:
    """Another template that one includes, and what it hands over beside its own context.

    Without `context` (a plain `import`) the other template sees nothing but Jinja's own names.
    """

    template: str
    context: bool
    own: Mapping[str, Any]


@dataclass(frozen=True)
class UnresolvedNames:
    """The names that a text needs and does not get, each with its first line, and what it includes."""

    undefined: Mapping[str, int]
    references: tuple[Reference, ...]


@cache
def names_in(text: TemplateText) -> frozenset[str]:
    """The names that `text` takes from its context, in whichever branch. Raises TemplateSyntaxError."""
    return frozenset(meta.find_undeclared_variables(text.parse())) - GLOBALS


@cache
def constants_in(text: TemplateText) -> frozenset[str | int]:
    """The literal texts and numbers in an expression: where it turns from true to false."""
    found = (node.value for node in text.parse().find_all(nodes.Const))
    return frozenset(value for value in found if isinstance(value, str | int) and not isinstance(value, bool))


@cache
def has_references(text: TemplateText) -> bool:
    """Whether `text` refers to other templates."""
    return any(True for _ in meta.find_referenced_templates(text.parse()))


def unresolved_names(text: TemplateText, context: Mapping[str, Any]) -> UnresolvedNames:
    """What `text` needs and `context` does not have, in the branches that are taken with this context.

    The value UNKNOWN in the context is of a name that is there, but whose value is not known.
    """
    if names_in(text) <= context.keys() and not has_references(text):
        return UnresolvedNames({}, ())
    pruned = evaluate_partially(text.parse(), context)
    missing = meta.find_undeclared_variables(pruned.tree) - GLOBALS - context.keys()
    lines: dict[str, int] = {}
    for node in pruned.tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in missing:
            lines[node.name] = min(node.lineno, lines.get(node.name, node.lineno))
    return UnresolvedNames(dict(sorted(lines.items())), tuple(_references(pruned)))


def _references(pruned: PartialTemplate) -> Iterator[Reference]:
    for node in pruned.tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        template = getattr(node, "template", None)
        wanted = template.value if isinstance(template, nodes.Const) else ()
        for name in [wanted] if isinstance(wanted, str) else wanted:
            if isinstance(name, str):
                yield Reference(name, getattr(node, "with_context", True), pruned.own)
