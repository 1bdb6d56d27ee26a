"""Twice the load that the shop is sized for, without a fault."""

import json
import subprocess
import sys
from pathlib import Path

from acceptance.journal import Journal
from acceptance.load.prepare import PLENTY

from .experiment import Experiment

PROJECT = Path(__file__).parents[2]
# Twice the default peak of 150 requests per second, of which a tenth are orders.
RATE, SECONDS = 300, 15


def test_no_order_times_out_at_twice_the_sized_load(
    experiment: Experiment, admin: str, tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    command = [sys.executable, "-m", "acceptance.load", "--base-url", experiment.shop.url, "--admin", admin]
    command += ["--rate", str(RATE), "--seconds", str(SECONDS), "--mix", "browse=90,order=10"]
    command += ["--products", "10", "--journal", str(path), "--json"]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True)
    experiment.journal = Journal.read(path)
    for credential in experiment.journal.users:
        experiment.add_customer(experiment.seeder.identity.sign_in(credential), PLENTY)
    experiment.verify()
    experiment.load = {
        "requests per second": RATE,
        "seconds": SECONDS,
        "requests answered": json.loads(done.stdout)["answered"],
        "orders": experiment.outcomes.total(),
        "timeouts": experiment.outcomes["timeout"],
    }
    assert experiment.outcomes == {"CONFIRMED": experiment.accepted}
