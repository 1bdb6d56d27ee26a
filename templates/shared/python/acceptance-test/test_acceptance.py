"""The shop keeps its contract: the black-box suite against a real process, then the audit.

ACCEPTANCE=acceptance/test_races.py runs only these tests of the suite.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

PROJECT = Path(__file__).parent.parent
TESTS = os.environ.get("ACCEPTANCE", "acceptance")


class Shop(Protocol):
    """A running shop."""

    @property
    def url(self) -> str: ...


def test_the_shop_keeps_its_contract(shop: Shop, admin: str) -> None:
    environment = {**os.environ, "SHOP_URL": shop.url, "SHOP_ADMIN": admin}
    for command in (["pytest", TESTS], ["acceptance.audit"]):
        outcome = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
