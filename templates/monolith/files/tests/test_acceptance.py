"""The shop keeps its contract: the black-box suite against a real process, then the audit."""

import os
import subprocess
import sys

from .conftest import PROJECT
from .processes import Process


def test_the_shop_keeps_its_contract(shop: Process, admin: str) -> None:
    environment = {**os.environ, "SHOP_URL": shop.url, "SHOP_ADMIN": admin}
    for command in (["pytest", "acceptance"], ["acceptance.audit"]):
        outcome = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
