"""Partial evaluation of a template: removes the branches that some answers never reach."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

UNKNOWN: Final = object()
"""Stands for the unknown value of a defined name."""


@dataclass(frozen=True)
class PartialTemplate:
    """The reachable part of a template, and the names that it sets, with their values or UNKNOWN."""

    tree: nodes.Template
    own: Mapping[str, Any]


def evaluate_partially(tree: nodes.Template, context: Mapping[str, Any]) -> PartialTemplate:
    """Replace names in `tree` by their values in `context`, and remove unreachable branches.

    Whatever is not computable from constants stays: loops, macros, and conditions on names that these set.
    """
    stored = Counter(node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")
    targets = [node.target for node in tree.body if isinstance(node, nodes.Assign)]
    set_once = {node.name for node in targets if isinstance(node, nodes.Name) and stored[node.name] == 1}
    evaluator = _PartialEvaluator(
        {**context, **{name: UNKNOWN for name in stored if name not in set_once}}, set_once
    )
    reachable = cast(nodes.Template, evaluator.visit(tree))
    return PartialTemplate(reachable, {name: evaluator.known.get(name, UNKNOWN) for name in stored})


class _PartialEvaluator(NodeTransformer):
    """Replaces nodes whose values follow from `known` names.

    A name in `set_once` becomes known at its only assignment.
    """

    def __init__(self, known: dict[str, Any], set_once: set[str]) -> None:
        self.known = known
        self._set_once = set_once

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:
        node.node = cast(nodes.Expr, self.visit(node.node))
        if isinstance(node.target, nodes.Name) and node.target.name in self._set_once:
            self.known[node.target.name] = _value(node.node)
        return node

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        value = self.known.get(node.name, UNKNOWN)
        return node if node.ctx != "load" or value is UNKNOWN else _constant(value, node)

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        """`x is defined` does not need the name `x`."""
        if node.name in ("defined", "undefined") and isinstance(node.node, nodes.Name):
            if node.node.name not in self.known:
                return _constant(node.name == "undefined", node)
            if self.known[node.node.name] is UNKNOWN:
                return _unknown(node)
        return self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        """`x | default(y)` does not need the name `x` either; without it, the result is `y`."""
        if node.name in ("default", "d") and isinstance(node.node, nodes.Name):
            if node.node.name not in self.known:
                return cast(nodes.Node, self.visit(node.args[0])) if node.args else _constant("", node)
            if self.known[node.node.name] is UNKNOWN:
                node.node = _unknown(node)
        return self.generic_visit(node)

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:
        undecided: list[nodes.If] = []
        last = node.else_
        for branch in (node, *node.elif_):
            branch.test = cast(nodes.Expr, self.visit(branch.test))
            value = _value(branch.test)
            if value is UNKNOWN:
                branch.body = self._all(branch.body)
                undecided.append(branch)
            elif value:
                last = branch.body
                break
        last = self._all(last)
        if not undecided:
            return last
        first, *others = undecided
        first.elif_, first.else_ = others, last
        return first

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        node.test = cast(nodes.Expr, self.visit(node.test))
        value = _value(node.test)
        if value is UNKNOWN:
            return self.generic_visit(node)
        taken = node.expr1 if value else node.expr2
        return cast(nodes.Node, self.visit(taken)) if taken else _constant("", node)

    def visit_And(self, node: nodes.And) -> nodes.Node:
        return self._short_circuit(node, stops=False)

    def visit_Or(self, node: nodes.Or) -> nodes.Node:
        return self._short_circuit(node, stops=True)

    def _short_circuit(self, node: nodes.BinExpr, stops: bool) -> nodes.Node:
        node.left = cast(nodes.Expr, self.visit(node.left))
        value = _value(node.left)
        if value is not UNKNOWN and bool(value) is stops:
            return node.left
        node.right = cast(nodes.Expr, self.visit(node.right))
        return node

    def _all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        return [node for child in body for node in self.visit_list(child)]


def _constant(value: Any, at: nodes.Node) -> nodes.Const:
    return nodes.Const(value, lineno=at.lineno, environment=at.environment)


def _unknown(at: nodes.Node) -> nodes.Expr:
    """An expression that needs no name and has no constant value."""
    return nodes.ContextReference(lineno=at.lineno)


def _value(node: nodes.Expr) -> Any:
    """The value of an expression of constants, or UNKNOWN."""
    try:
        return node.as_const(nodes.EvalContext(cast(Environment, node.environment)))
    except Exception:
        return UNKNOWN
