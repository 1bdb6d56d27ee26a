"""Tests of the currency: a shop with amounts in one currency does not start with another."""

import subprocess
from pathlib import Path

import pytest

from .conftest import APP
from .processes import START_SECONDS, Process, free_port


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("command", ["seed", "serve"])
def test_another_currency_is_refused(environment: dict[str, str], tmp_path: Path, command: str) -> None:
    """The process prints only one sentence and exits, instead of showing 500 EUR as 500 USD."""
    options = ["--port", str(free_port())] if command == "serve" else []
    refused = subprocess.run(
        [*APP, command, *options],
        env=environment | {"CURRENCY": "USD"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    message = (
        "CURRENCY is USD, but the amounts in the database are in EUR: "
        "set CURRENCY=EUR, or use an empty database.\n"
    )
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", message)


def test_the_same_currency_is_accepted(environment: dict[str, str], shop: Process, tmp_path: Path) -> None:
    """A running shop does not prevent another process from starting."""
    same = environment | {"CURRENCY": "EUR"}
    subprocess.run([*APP, "seed"], env=same, cwd=tmp_path, check=True)
    shop.wait_for("/readyz")
