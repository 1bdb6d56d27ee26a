"""Tests of the questions of `blueprint recommend` on a terminal."""

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pexpect
import pytest

from blueprint.needs.file import read_needs_file
from blueprint.needs.inputs import default_flows, inputs
from blueprint.needs.questions import required_questions

from .running import COMMAND
from .terminals import answer, at_terminal

# In a single team, the default, no change waits for another.
REQUIRED = [spec.name for spec in required_questions({}) if spec.name != "waiting_percent"]
FLOWS = len(default_flows())


def converse(arguments: list[str], lines: list[str], cwd: Path) -> tuple[int, str]:
    """Run the command on a new terminal and type one line at each prompt; return its status and output."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "recommend", *arguments],
        cwd=cwd,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        close_fds=True,
    )
    os.close(terminal)
    to_type, output, deadline = iter(lines), "", time.monotonic() + 60
    answered = 0
    while time.monotonic() < deadline:
        if select.select([controller], [], [], 0.05)[0]:
            try:
                output += os.read(controller, 65536).decode(errors="replace")
            except OSError:
                break
        elif output.rstrip(" ").endswith(">") and len(output) > answered:
            answered = len(output)
            os.write(controller, f"{next(to_type)}\n".encode())
    os.close(controller)
    return process.wait(timeout=30), output


@pytest.mark.slow
def test_the_required_questions_are_asked(tmp_path: Path) -> None:
    """The required questions are asked in order with explanations; the optional ones can be declined."""
    lines = [""] * (len(REQUIRED) + FLOWS) + ["no", "no"]
    status, output = converse(["--save", "needs.yaml"], lines, tmp_path)
    assert status == 0
    output = " ".join(output.split())
    positions = [output.index(inputs()[name].question) for name in REQUIRED]
    assert positions == sorted(positions)
    assert len(re.findall("I don't know|if you don't know", output)) == len(REQUIRED) + FLOWS
    # A change cannot wait for another team if there is only one: that question is counted, but not asked.
    assert f"1 of {len(REQUIRED) + 1 + FLOWS}: " in output
    assert "Modular monolith" in output
    answers = read_needs_file(tmp_path / "needs.yaml")
    assert set(REQUIRED) <= set(answers)
    assert "waiting_percent" not in answers
    assert "ops_maturity" not in answers


@pytest.mark.slow
def test_dont_know_is_assumed_and_an_invalid_answer_is_asked_again(tmp_path: Path) -> None:
    """After an invalid answer, the error names the field and the question is asked again."""
    rest = [""] * (len(REQUIRED) - 2 + FLOWS)
    lines = ["?", "many", "400", *rest, "no", "no"]
    status, output = converse(["--save", "needs.yaml"], lines, tmp_path)
    assert status == 0
    assert "traffic.peak_rps: 'many' is not a number" in output
    answers = read_needs_file(tmp_path / "needs.yaml")
    assert "mean_rps" not in answers
    assert answers["peak_rps"] == 400


def test_questions_with_an_answer_are_not_asked(tmp_path: Path) -> None:
    """A preset answers the required questions, and --yes skips all questions."""
    status, output = converse(["--preset", "cms"], ["no", "no"], tmp_path)
    assert status == 0
    assert "How many requests" not in output
    status, output = converse(["--yes"], [], tmp_path)
    assert status == 0
    assert "?" not in output.split("Recommendation")[0]


def test_the_recommended_project_can_be_generated_at_once(tmp_path: Path) -> None:
    """After the recommendation, the user can accept the offer to generate the project."""
    status, output = converse(["--preset", "small-shop"], ["no", "yes", "my-shop", "yes"], tmp_path)
    assert status == 0
    assert "Create a project with this pattern and these sizes?" in output
    assert (tmp_path / "my-shop" / "docs" / "adr" / "0000-architecture.md").is_file()


@pytest.mark.slow
def test_a_recommendation_leads_to_a_project_without_typing_anything_twice(tmp_path: Path) -> None:
    """Answers survive Ctrl-C at a question about the project, and the next run asks only what is left."""
    with at_terminal(["recommend", "--preset", "small-shop", "--save", "needs.yaml"], tmp_path) as first:
        answer(first, "optional questions as well?", "")
        answer(first, "Create a project with this pattern and these sizes?", "")
        first.expect_exact("Project name")
        first.expect_exact("> ")
        first.sendintr()
        first.expect_exact("Your answers are kept.")
        first.expect(pexpect.EOF)
    with at_terminal(["recommend", "--preset", "small-shop", "--save", "needs.yaml"], tmp_path) as again:
        answer(again, "Go on with your 2 answers?", "")
        before = answer(again, "Project name", "my-shop")
        summary = answer(again, "Create this project?", "")
        again.expect(pexpect.EOF)
    assert "Recommendation" in before
    assert "Create a project with" not in before
    assert "database:" in summary
    assert (tmp_path / "my-shop/docs/adr/needs.yaml").read_text() == (tmp_path / "needs.yaml").read_text()


def test_a_user_goes_back_from_the_project_to_the_needs(tmp_path: Path) -> None:
    """`<` at the name of the project leads back, and a changed answer to another recommendation."""
    with at_terminal(["recommend", "--preset", "small-shop"], tmp_path) as session:
        answer(session, "optional questions as well?", "no")
        answer(session, "Create a project with", "yes")
        answer(session, "Project name", "<")
        again = answer(session, "Create a project with", "<")
        session.expect_exact("optional questions as well?")
        session.sendintr()
    assert "Recommendation" not in again


@pytest.mark.slow
def test_a_name_that_is_taken_is_asked_for_again(tmp_path: Path) -> None:
    """A folder that is not empty ends nothing: the user names another."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/file").write_text("")
    with at_terminal(["recommend", "--preset", "small-shop"], tmp_path) as session:
        answer(session, "optional questions as well?", "")
        answer(session, "Create a project with", "")
        answer(session, "Project name", "taken")
        answer(session, "Choose another folder", "free")
        answer(session, "Create this project?", "")
        session.expect(pexpect.EOF)
    assert (tmp_path / "free/Makefile").is_file()


def test_a_declined_offer_names_the_next_command(tmp_path: Path) -> None:
    """If the needs were saved, a project can be made from them later."""
    status, output = converse(["--preset", "cms", "--save", "needs.yaml"], ["no", "no"], tmp_path)
    assert status == 0
    assert "Next: blueprint new my-shop --needs needs.yaml" in output
