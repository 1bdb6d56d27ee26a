"""`blueprint update` at a terminal: it asks what the pattern has come to ask, and nothing else."""

import sys
from pathlib import Path

import pexpect
import yaml

from tests.patterns_on_disk import TINY

from .projects import move_on, start
from .running import COMMAND
from .test_wizard import answer, ended


def test_only_a_new_option_is_asked(here: Path) -> None:
    """The other answers stay, and the new one is remembered."""
    shop = start(here)
    size = {"type": "integer", "question": "How large?", "default": 3}
    move_on(here, {"files/README.md.jinja": "{{ size }}\n"}, options={**TINY["options"], "size": size})
    session = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "update"], cwd=shop, encoding="utf-8", timeout=60)
    session.logfile_read = sys.stdout
    before = answer(session, "How large?", "5")
    status, _ = ended(session)

    assert (status, "?" in before) == (0, False)
    assert (shop / "README.md").read_text() == "5\n"
    assert yaml.safe_load((shop / ".blueprint/answers.yaml").read_text())["size"] == 5
