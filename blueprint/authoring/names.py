"""Which names a template or an expression takes from its context, found without running it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from jinja2 import meta, nodes
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from blueprint.sandbox import Sandbox

_SANDBOX = Sandbox()
GLOBALS = frozenset(_SANDBOX.globals)
"""The names that every template has from Jinja itself."""

_UNKNOWN = object()


@dataclass(frozen=True)
class Text:
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
    """Another template that one includes, and the names of its own that it hands over.

    Without `context` (a plain `import`) the other template sees nothing but Jinja's own names.
    """

    template: str
    context: bool
    own: frozenset[str]


@dataclass(frozen=True)
class Needs:
    """The names that a text needs and does not get, each with its first line, and what it includes."""

    undefined: Mapping[str, int]
    references: tuple[Reference, ...]


@cache
def names_in(text: Text) -> frozenset[str]:
    """The names that `text` takes from its context, in whichever branch. Raises TemplateSyntaxError."""
    return frozenset(meta.find_undeclared_variables(text.parse())) - GLOBALS


@cache
def constants_in(text: Text) -> frozenset[str | int]:
    """The literal texts and numbers in an expression: where it turns from true to false."""
    found = (node.value for node in text.parse().find_all(nodes.Const))
    return frozenset(value for value in found if isinstance(value, str | int) and not isinstance(value, bool))


@cache
def includes(text: Text) -> bool:
    """Whether `text` refers to other templates."""
    return next(meta.find_referenced_templates(text.parse()), _UNKNOWN) is not _UNKNOWN


def needs_of(text: Text, context: Mapping[str, Any]) -> Needs:
    """What `text` needs and `context` does not have, in the branches that are taken with this context."""
    if names_in(text) <= context.keys() and not includes(text):
        return Needs({}, ())
    tree = text.parse()
    own = frozenset(node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")
    live = cast(nodes.Template, _Pruning(context, own).visit(tree))
    missing = meta.find_undeclared_variables(live) - GLOBALS - context.keys()
    lines: dict[str, int] = {}
    for node in live.find_all(nodes.Name):
        if node.ctx == "load" and node.name in missing:
            lines[node.name] = min(node.lineno, lines.get(node.name, node.lineno))
    return Needs(dict(sorted(lines.items())), tuple(_references(live, own)))


def _references(tree: nodes.Template, own: frozenset[str]) -> list[Reference]:
    found = []
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        context = getattr(node, "with_context", True)
        template = getattr(node, "template", None)
        wanted = template.value if isinstance(template, nodes.Const) else ()
        names = [wanted] if isinstance(wanted, str) else [name for name in wanted if isinstance(name, str)]
        found += [Reference(name, context, own) for name in names]
    return found


class _Pruning(NodeTransformer):
    """Puts what the context has for the names, and cuts the branches that are then never taken."""

    def __init__(self, context: Mapping[str, Any], own: frozenset[str]) -> None:
        self._context = context
        self._own = own

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        if node.ctx == "load" and node.name in self._context and node.name not in self._own:
            return _constant(self._context[node.name], node)
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        """`x is defined` asks about a name and does not need it."""
        if node.name in ("defined", "undefined") and self._is_missing(node.node):
            if self._is_own(node.node):
                return nodes.ContextReference(lineno=node.lineno)
            return _constant(node.name == "undefined", node)
        return self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        """Neither does `x | default(...)`."""
        if node.name in ("default", "d") and self._is_missing(node.node):
            own = self._is_own(node.node)
            node.node = nodes.ContextReference(lineno=node.lineno) if own else _constant("", node)
        return self.generic_visit(node)

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:
        open_: list[nodes.If] = []
        last = node.else_
        for branch in (node, *node.elif_):
            branch.test = cast(nodes.Expr, self.visit(branch.test))
            value = _value(branch.test)
            if value is _UNKNOWN:
                branch.body = self._all(branch.body)
                open_.append(branch)
            elif value:
                last = branch.body
                break
        last = self._all(last)
        if not open_:
            return last
        first, *others = open_
        first.elif_, first.else_ = others, last
        return first

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        node.test = cast(nodes.Expr, self.visit(node.test))
        value = _value(node.test)
        if value is _UNKNOWN:
            return self.generic_visit(node)
        taken = node.expr1 if value else node.expr2
        return cast(nodes.Node, self.visit(taken)) if taken else _constant("", node)

    def visit_And(self, node: nodes.And) -> nodes.Node:
        return self._short(node, stops=False)

    def visit_Or(self, node: nodes.Or) -> nodes.Node:
        return self._short(node, stops=True)

    def _short(self, node: nodes.BinExpr, stops: bool) -> nodes.Node:
        node.left = cast(nodes.Expr, self.visit(node.left))
        value = _value(node.left)
        if value is not _UNKNOWN and bool(value) is stops:
            return node.left
        node.right = cast(nodes.Expr, self.visit(node.right))
        return node

    def _is_missing(self, node: nodes.Node | None) -> bool:
        return isinstance(node, nodes.Name) and node.name not in self._context

    def _is_own(self, node: nodes.Node | None) -> bool:
        """Whether a name is set by the template itself: whether it is there, and what, is not known."""
        return isinstance(node, nodes.Name) and node.name in self._own

    def _all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        return [node for child in body for node in self.visit_list(child)]


def _constant(value: Any, at: nodes.Node) -> nodes.Const:
    node = nodes.Const(value, lineno=at.lineno)
    node.set_environment(_SANDBOX)
    return node


def _value(node: nodes.Expr) -> Any:
    """What an expression of constants amounts to, or _UNKNOWN."""
    try:
        return node.as_const(nodes.EvalContext(_SANDBOX))
    except Exception:
        return _UNKNOWN
