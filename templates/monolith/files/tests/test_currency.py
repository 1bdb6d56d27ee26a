"""Tests of the currency: a shop with amounts in one currency does not start with another."""

import subprocess
from pathlib import Path

import pytest

from .conftest import APP
from .processes import START_SECONDS, Process, free_port


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("command", ["seed", "serve"])
def test_another_currency_is_refused(environment: dict[str, str], tmp_path: Path, command: str) -> None:
    """The process exits with one sentence instead of showing 500 EUR as 500 USD."""
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
    assert refused.returncode == 1
    output = refused.stdout + refused.stderr
    assert output.count("CURRENCY is USD, but the amounts in the database are in EUR: set CURRENCY=EUR") == 1
    assert "Traceback" not in output


def test_the_same_currency_is_accepted(environment: dict[str, str], shop: Process, tmp_path: Path) -> None:
    """A running shop does not prevent another process from starting."""
    same = environment | {"CURRENCY": "EUR"}
    subprocess.run([*APP, "seed"], env=same, cwd=tmp_path, check=True)
    shop.wait_for("/readyz")
