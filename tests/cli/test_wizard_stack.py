"""`blueprint new` at a terminal asks for the stack of a shop, and for the Java package of one in Java."""

from pathlib import Path

import pytest

import blueprint as blueprint_package

from .terminals import answer, at_terminal, ended

PATTERNS = ("monolith", "microservices", "event-driven")


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    ("stack", "questions"),
    [
        ("", ["Which database should the shop use", "Which cache"]),
        ("spring", ["Which Java package", "Which database should the shop use"]),
    ],
)
def test_only_a_shop_in_java_has_a_java_package(
    here: Path, pattern: str, stack: str, questions: list[str]
) -> None:
    """The first question is the stack, and Enter chooses Python."""
    with at_terminal(["new", "shop", "-p", pattern], here, 80) as terminal:
        answer(terminal, "1 of 9: What should the shop be written in?", stack)
        for question in questions:
            answer(terminal, question, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "edge", "host"),
    [
        ("monolith", "Which load balancer", "machine"),
        ("microservices", "Which gateway", "machine"),
        ("event-driven", "Which gateway", "machine"),
    ],
)
def test_every_answer_works_with_java(here: Path, pattern: str, edge: str, host: str) -> None:
    """The last choice of each question is accepted after `spring`, and so is where production runs."""
    answers = {
        "What should the shop be written in?": "spring",
        "Which Java package": "org.acme.store",
        "Which database": "mysql",
        "Which cache": "memcached",
        "Who should manage the user accounts?": "jwt",
        edge: "haproxy",
        "Will you deploy to Kubernetes?": "no",
        "Where will the shop run in production": host,
        "Do you want metrics": "no",
    }
    with at_terminal(["new", "shop", "-p", pattern], here, 80) as terminal:
        for question, given in answers.items():
            answer(terminal, question, given)
        shown = answer(terminal, "Create this project?", "no")
        assert ended(terminal)[0] == 130
    assert "stack: spring" in shown
    assert f"host: {host}" in shown


@pytest.mark.slow
def test_a_recommendation_decides_the_stack(here: Path) -> None:
    """Its sizes are those of one stack, and another one could refuse them."""
    needs = Path(blueprint_package.__file__).parent / "needs/data/presets/growing-shop.yaml"
    with at_terminal(["new", "shop", "-p", "monolith", "--needs", str(needs)], here, 80) as terminal:
        questions = ["What should the shop be written in?", "Create this project?"]
        assert terminal.expect_exact(questions) == 1
