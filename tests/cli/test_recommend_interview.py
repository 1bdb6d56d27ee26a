"""`blueprint recommend` on a terminal: it asks, explains, takes "don't know", and asks again."""

import os
import pty
import select
import subprocess
import time
from pathlib import Path

from blueprint.needs.file import read_needs_file
from blueprint.needs.inputs import default_flows, inputs
from blueprint.needs.questions import required_questions

from .running import COMMAND

REQUIRED = [spec.name for spec in required_questions({})]
FLOWS = len(default_flows())


def converse(arguments: list[str], lines: list[str], cwd: Path) -> tuple[int, str]:
    """Run the command on a terminal of its own and type one line at each prompt."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "recommend", *arguments],
        cwd=cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    said, heard, deadline = iter(lines), "", time.monotonic() + 60
    answered = 0
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                heard += os.read(ours, 65536).decode(errors="replace")
            except OSError:
                break
        elif heard.rstrip(" ").endswith(">") and len(heard) > answered:
            answered = len(heard)
            os.write(ours, f"{next(said)}\n".encode())
    os.close(ours)
    return process.wait(timeout=30), heard


def test_the_required_questions_are_asked(tmp_path: Path) -> None:
    """In order, each with its explanation; the optional ones are offered and may be declined."""
    lines = [""] * (len(REQUIRED) + FLOWS) + ["no", "no"]
    status, heard = converse(["--save", "needs.yaml"], lines, tmp_path)
    assert status == 0
    places = [heard.index(inputs()[name].question) for name in REQUIRED]
    assert places == sorted(places)
    assert heard.count("if you don't know") == len(REQUIRED) + FLOWS
    assert "Modular monolith" in heard
    answers = read_needs_file(tmp_path / "needs.yaml")
    assert set(REQUIRED) <= set(answers)
    assert "engineers" not in answers


def test_dont_know_is_assumed_and_nonsense_is_asked_again(tmp_path: Path) -> None:
    """The error names the field, and the next answer counts."""
    rest = [""] * (len(REQUIRED) - 2 + FLOWS)
    lines = ["?", "many", "400", *rest, "no", "no"]
    status, heard = converse(["--save", "needs.yaml"], lines, tmp_path)
    assert status == 0
    assert "traffic.peak_rps: 'many' is not a number" in heard
    answers = read_needs_file(tmp_path / "needs.yaml")
    assert "mean_rps" not in answers
    assert answers["peak_rps"] == 400


def test_what_is_given_is_not_asked(tmp_path: Path) -> None:
    """A preset answers the required questions; --yes answers all."""
    status, heard = converse(["--preset", "cms"], ["no", "no"], tmp_path)
    assert status == 0
    assert "How many requests" not in heard
    status, heard = converse(["--yes"], [], tmp_path)
    assert status == 0
    assert "?" not in heard.split("Recommendation")[0]


def test_the_recommended_project_can_be_made_at_once(tmp_path: Path) -> None:
    """After the answer: yes, a name, yes."""
    status, heard = converse(["--preset", "small-shop"], ["no", "yes", "my-shop", "yes"], tmp_path)
    assert status == 0
    assert "Create a project with this pattern and these sizes?" in heard
    assert (tmp_path / "my-shop" / "docs" / "adr" / "0000-architecture.md").is_file()
