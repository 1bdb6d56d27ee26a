"""`blueprint new` at a terminal: it asks, explains, previews, and creates the project after a yes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from .running import COMMAND


@pytest.fixture
def terminal(tiny: Path, here: Path) -> "Iterator[pexpect.spawn[str]]":
    """A session of `blueprint new` at a terminal."""
    session = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "new", "-p", str(tiny)], cwd=here, encoding="utf-8", timeout=60, echo=False
    )
    session.logfile_read = sys.stdout
    yield session
    session.close(force=True)


def answer(session: "pexpect.spawn[str]", question: str, text: str) -> str:
    """Wait for a question, answer it, and return what was shown before."""
    session.expect_exact(question)
    before = str(session.before)
    session.expect_exact("> ")
    session.sendline(text)
    return before + str(session.before)


def ended(session: "pexpect.spawn[str]") -> tuple[int | None, str]:
    """Return the exit status and the rest of the output."""
    session.expect(pexpect.EOF)
    session.wait()
    return session.exitstatus, str(session.before)


def test_the_wizard_asks_explains_and_creates_the_project(terminal: "pexpect.spawn[str]", here: Path) -> None:
    """Numbers and words are answers, Enter means the default, and a wrong answer is asked again."""
    answer(terminal, "Project name", "json")
    answer(terminal, "Project name", "My Shop")
    explained = answer(terminal, "Which database?", "postgres")
    answer(terminal, "did you mean 'postgresql'?", "2")
    answer(terminal, "Kubernetes?", "")
    answer(terminal, "Which domain?", "prod")
    shown = answer(terminal, "Create this project?", "yes")
    status, rest = ended(terminal)

    assert status == 0
    for expected in ("Where the data is.", "1. postgresql: PostgreSQL", "2. mysql: MySQL", "[postgresql]"):
        assert expected in explained
    for expected in (
        "Would create my-shop",
        "database: mysql",
        "domain: prod",
        "replicas: 2",
        "README.md",
    ):
        assert expected in shown
    assert "make run" in rest
    assert "mysql" in (here / "my-shop/README.md").read_text()


@pytest.mark.parametrize("way", ["no", "ctrl-c", "ctrl-d"])
def test_a_declined_project_is_not_created(terminal: "pexpect.spawn[str]", here: Path, way: str) -> None:
    """Declining or interrupting the confirmation creates nothing."""
    for question in ("Project name", "database?", "Kubernetes?", "domain?"):
        answer(terminal, question, "shop" if question == "Project name" else "")
    terminal.expect_exact("Create this project?")
    terminal.expect_exact("> ")
    if way == "no":
        terminal.sendline("no")
    else:
        terminal.sendcontrol(way[-1])
    status, rest = ended(terminal)

    assert status == 130
    assert "Traceback" not in rest
    assert list(here.iterdir()) == []


def test_options_that_do_not_exist_are_not_asked(terminal: "pexpect.spawn[str]") -> None:
    """An option that earlier answers rule out is not asked, nor is one that only the recommender sets."""
    answer(terminal, "Project name", "shop")
    answer(terminal, "database?", "")
    answer(terminal, "Kubernetes?", "n")
    rest = answer(terminal, "Create this project?", "N")

    assert "Which domain?" not in rest
    assert "How many?" not in rest


def test_a_yes_or_no_question_is_asked_again_until_it_is_answered(terminal: "pexpect.spawn[str]") -> None:
    """Questions about an option and about the project take y and n, and reject anything else."""
    answer(terminal, "Project name", "shop")
    answer(terminal, "Which database?", "")
    answer(terminal, "Kubernetes?", "perhaps")
    answer(terminal, "Please answer yes or no.", "y")
    answer(terminal, "Which domain?", "")
    answer(terminal, "Create this project?", "perhaps")
    answer(terminal, "Please answer yes or no.", "n")
    assert ended(terminal)[0] == 130
