"""The syntax trees of generated modules."""

import ast
from functools import cache
from pathlib import Path


def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a module, parents first."""
    return _nodes(path.read_text())


@cache
def _nodes(text: str) -> tuple[ast.AST, ...]:
    # Cached by text: the projects of a selection share most of their modules.
    return tuple(ast.walk(ast.parse(text)))
