"""Which modules import each other: imports of Python, and relative imports of JavaScript and TypeScript."""

import ast
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .modules import module_of_file

MAX_BYTES = 1 << 20
_RELATIVE = re.compile(r"""(?:from|import|require\()\s*['"](\.{1,2}/[^'"]+)['"]""")

Graph = Mapping[str, set[str]]


def imports_between(folder: Path, files: Sequence[str], modules: Sequence[str]) -> Graph:
    """Return the modules that each module imports."""
    graph: dict[str, set[str]] = defaultdict(set)
    names = {name: module for module in modules for name in _dotted_names(module)}
    for path in files:
        own = module_of_file(path, modules)
        if own:
            graph[own] |= {other for other in _imported(folder, path, names, modules) if other != own}
    return graph


def in_cycles(graph: Graph) -> list[str]:
    """Return the modules that import themselves through others."""
    return sorted(module for module in graph if module in _reachable(graph, module))


def _reachable(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    left = [start]
    while left:
        for module in graph.get(left.pop(), ()):
            if module not in found:
                found.add(module)
                left.append(module)
    return found


def _imported(folder: Path, path: str, names: Mapping[str, str], modules: Sequence[str]) -> Iterator[str]:
    if path.endswith(".py"):
        for name in _python_imports(path, _text(folder / path)):
            yield from _longest(name, names)
    elif path.endswith((".js", ".jsx", ".ts", ".tsx", ".mjs")):
        for target in _RELATIVE.findall(_text(folder / path)):
            resolved = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            module = module_of_file(f"{resolved}/", modules)
            if module:
                yield module


def _longest(name: str, names: Mapping[str, str]) -> Iterator[str]:
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = names.get(".".join(parts[:end]))
        if module:
            yield module
            return


def _dotted_names(module: str) -> list[str]:
    """Return the names by which a folder may be imported: with and without the folders above it."""
    parts = module.split("/")
    return [".".join(parts[start:]) for start in range(len(parts))]


def _python_imports(path: str, text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    package = path.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = [*above, *(node.module.split(".") if node.module else [])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_BYTES)
    except OSError:
        return ""
