"""Who imports whom inside the package."""

from collections.abc import Iterable, Iterator, Mapping

import grimp


def circles(imports: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The groups of modules that import each other: the strongly connected components of two or more.

    Tarjan's algorithm (1972).
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> Iterator[list[str]]:
        index[module] = low[module] = len(index)
        stack.append(module)
        for imported in sorted(imports[module]):
            if imported not in index:
                yield from visit(imported)
                low[module] = min(low[module], low[imported])
            elif imported in stack:
                low[module] = min(low[module], index[imported])
        if low[module] == index[module]:
            start = stack.index(module)
            component, stack[start:] = stack[start:], []
            if len(component) > 1:
                yield sorted(component)

    for module in sorted(imports):
        if module not in index:
            yield from visit(module)


def test_no_modules_import_each_other() -> None:
    """Imports inside functions count as well: no module needs another one that needs it."""
    graph = grimp.build_graph("blueprint")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    assert len(imports) > 150
    assert list(circles(imports)) == []


def test_a_circle_is_found() -> None:
    """Two modules that import each other, one below them and one above."""
    imports = {"above": ["one"], "one": ["two", "below"], "two": ["one"], "below": []}

    assert list(circles(imports)) == [["one", "two"]]
