"""`blueprint update` at a terminal asks for new options only."""

import sys
from pathlib import Path

import pexpect
import yaml

from tests.patterns_on_disk import TINY

from .projects import create_project, release_version
from .running import COMMAND
from .terminals import answer, ended


def test_only_a_new_option_is_asked(here: Path) -> None:
    """Earlier answers are kept, and the answer to the new option is recorded."""
    shop = create_project(here)
    size = {"type": "integer", "question": "How large?", "default": 3}
    release_version(
        here, {"files/README.md.jinja": "{{ size }}\n"}, options={**TINY["options"], "size": size}
    )
    session = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "update"], cwd=shop, encoding="utf-8", timeout=60)
    session.logfile_read = sys.stdout
    before = answer(session, "How large?", "5")
    status, _ = ended(session)

    assert (status, "?" in before) == (0, False)
    assert (shop / "README.md").read_text() == "5\n"
    assert yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())["size"] == 5
