"""`blueprint new` at a terminal: it asks, explains, previews, and creates the project after a yes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pexpect
import pytest

from .running import in_process
from .terminals import answer, at_terminal, ended


@pytest.fixture
def terminal(tiny: Path, here: Path) -> "Iterator[pexpect.spawn[str]]":
    """A session of `blueprint new` at a terminal."""
    with started(tiny, here) as session:
        yield session


def started(
    pattern: Path, folder: Path, columns: int = 80, **environment: str
) -> "AbstractContextManager[pexpect.spawn[str]]":
    """Start `blueprint new` with `pattern` at a terminal."""
    return at_terminal(["new", "-p", str(pattern)], folder, columns, **environment)


def test_the_wizard_asks_explains_and_creates_the_project(terminal: "pexpect.spawn[str]", here: Path) -> None:
    """Numbers and words are answers, Enter means the default, and a wrong answer is asked again."""
    answer(terminal, "Project name", "json")
    answer(terminal, "for example json-shop", "My Shop")
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


def test_a_user_can_go_back(terminal: "pexpect.spawn[str]", here: Path) -> None:
    """`<` asks the question before again, with the answer as its default."""
    answer(terminal, "Project name", "shop")
    answer(terminal, "2 of 4: Which database?", "mysql")
    answer(terminal, "Kubernetes?", "<")
    terminal.expect_exact("Which database?")
    terminal.expect_exact("[mysql] > ")
    terminal.sendline("postgresql")
    answer(terminal, "Kubernetes?", "no")
    # Without Kubernetes, there is no question about the domain.
    answer(terminal, "Create this project?", "<")
    answer(terminal, "Kubernetes?", "yes")
    answer(terminal, "Which domain?", "prod")
    shown = answer(terminal, "Create this project?", "yes")

    assert ended(terminal)[0] == 0
    assert "database: postgresql" in shown
    assert "prod" in (here / "shop/.blueprint/answers.yaml").read_text()


@pytest.mark.slow
def test_answers_survive_an_interruption(terminal: "pexpect.spawn[str]", tiny: Path, here: Path) -> None:
    """After Ctrl-C, the same command offers the answers, and asks only the questions that are left."""
    answer(terminal, "Project name", "shop")
    answer(terminal, "Which database?", "mysql")
    terminal.expect_exact("Kubernetes?")
    terminal.expect_exact("> ")
    terminal.sendintr()
    status, rest = ended(terminal)
    assert status == 130
    assert "Your answers are kept." in rest

    with started(tiny, here) as again:
        answer(again, "Go on with your 2 answers?", "yes")
        answer(again, "3 of 4: Kubernetes?", "no")
        assert "database: mysql" in answer(again, "Create this project?", "yes")
        assert ended(again)[0] == 0
    with started(tiny, here) as third:
        third.expect_exact("Project name")
        assert "Go on" not in str(third.before)


def test_choices_are_selected_with_arrow_keys(tiny: Path, here: Path) -> None:
    """On a terminal that can draw, arrow keys select, and first letters answer."""
    with started(tiny, here, TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1") as session:
        answer(session, "Project name", "shop")
        session.expect_exact("mysql: MySQL")
        session.send("\x1b[B\r")
        session.expect_exact("Kubernetes?")
        session.expect_exact("no")
        session.send("<")
        session.expect_exact("mysql: MySQL")
        session.send("p")
        session.expect_exact("Kubernetes?")
        session.expect_exact("no")
        session.send("n")
        assert "database: postgresql" in answer(session, "Create this project?", "yes")
        assert ended(session)[0] == 0


def test_a_narrow_terminal_shows_whole_words(tiny: Path, here: Path) -> None:
    """In 40 columns, questions are plain text whose lines break between words."""
    with started(tiny, here, TERM="xterm", columns=40) as session:
        answer(session, "Project name", "json")
        session.expect_exact("json-shop.")
        lines = str(session.before).splitlines()
    assert max(map(len, lines)) <= 40
    assert "project name:" in " ".join(lines)


def test_text_cannot_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences, from a pattern or an answer, are printed as text."""
    outcome = in_process("new", "shop", "-p", "a\x1b[31m\x9bb", capsys=capsys)
    assert r"a\x1b[31m\x9bb" in outcome.err
    assert outcome.err.replace("\n", "").isprintable()


def test_an_interruption_is_reported_where_nothing_can_be_kept(tiny: Path, here: Path) -> None:
    """If others can write to the folder for unfinished work, Ctrl-C still ends the command as usual."""
    folder = here / "state/blueprint"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    with started(tiny, here, XDG_STATE_HOME=str(folder.parent)) as session:
        answer(session, "Project name", "shop")
        session.expect_exact("Which database?")
        session.expect_exact("> ")
        session.sendintr()
        status, rest = ended(session)
    assert status == 130
    assert "stopped before anything was written" in rest
