"""`blueprint new` at a terminal asks for the Java package of a shop in Java, and only then."""

from pathlib import Path

import pytest

from .terminals import answer, at_terminal


@pytest.mark.parametrize(
    ("arguments", "first", "second"),
    [
        ([], "1 of 6: Which database", "2 of 6: Which cache"),
        (["--set", "stack=spring"], "1 of 7: Which Java package", "2 of 7: Which database"),
    ],
)
def test_only_a_shop_in_java_has_a_java_package(
    here: Path, arguments: list[str], first: str, second: str
) -> None:
    """The number of questions does not count one that the stack excludes."""
    with at_terminal(["new", "shop", "-p", "monolith", *arguments], here, 80) as terminal:
        answer(terminal, first, "")
        terminal.expect_exact(second)
