"""`blueprint new --into` at a terminal shows every outcome before it writes."""

import sys
from pathlib import Path

import pexpect
import pytest

from .projects import content, create_project
from .running import COMMAND
from .templates import write_template
from .terminals import answer, ended


def session_in(here: Path) -> "pexpect.spawn[str]":
    """Add the template at `here`/second to `here`/shop at a terminal."""
    arguments = [*COMMAND[1:], "new", "--into", "shop", "-p", "./second"]
    session = pexpect.spawn(COMMAND[0], arguments, cwd=here, encoding="utf-8", timeout=60, echo=False)
    session.logfile_read = sys.stdout
    return session


@pytest.mark.slow
def test_questions_and_conflicts_come_before_the_first_write(here: Path) -> None:
    """The questions are asked, the outcomes are shown, and only a yes writes."""
    shop = create_project(here)
    write_template(here / "second", "copier", {"second.txt": "second\n"})
    before = content(shop)
    for agreed in ("no", "yes"):
        session = session_in(here)
        answer(session, "size", "huge")
        shown = answer(session, "Add this template?", agreed)
        assert "Would add second to shop" in shown
        assert "Would be in conflict:\r\n  README.md (from main)" in shown
        status, rest = ended(session)
        if agreed == "no":
            assert (status, content(shop)) == (130, before)
        else:
            assert status == 8
            assert "In conflict; resolve" in rest
            assert "size: huge" not in rest
    assert "huge\n" in (shop / "README.md").read_text()
    assert (shop / "second.txt").read_text() == "second\n"
