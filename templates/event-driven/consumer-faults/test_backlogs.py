"""Faults of consumers, broker and database while events for each step of an order are being handled."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import pytest

from .backlog import TOGETHER, accumulate
from .experiment import Experiment
from .server_processes import crash_database, skip_without_crashes
from .steps import count

DOWN_SECONDS = 3.0
KILLS = 2


def resume(experiment: Experiment, services: Sequence[str]) -> None:
    """Let the services handle their backlogs."""
    for service in services:
        experiment.shop.resume(service)


def kill(experiment: Experiment, services: Sequence[str]) -> None:
    """Kill the services twice while they handle their backlogs."""
    resume(experiment, services)
    for _ in range(KILLS):
        time.sleep(random.uniform(0, 0.3))
        experiment.shop.crash(*services)
        for service in services:
            experiment.shop.processes[service].wait_for("/readyz")


def rebalance(experiment: Experiment, services: Sequence[str]) -> None:
    """Let another member join the group of each service, and leave it again."""
    resume(experiment, services)
    with ExitStack() as replicas:
        for service in services:
            replicas.enter_context(experiment.shop.run_replica(service))
        experiment.until_confirmed()


def stop_broker(experiment: Experiment, services: Sequence[str]) -> None:
    """Stop the broker for a while."""
    _fail_broker(experiment, services, "stop")


def kill_broker(experiment: Experiment, services: Sequence[str]) -> None:
    """Kill the broker, and restart it after a while."""
    _fail_broker(experiment, services, "kill")


def fail_database(experiment: Experiment, services: Sequence[str]) -> None:
    """Kill and restart the database server."""
    resume(experiment, services)
    crash_database()


FAULTS: dict[str, Callable[[Experiment, Sequence[str]], None]] = {
    "consumer killed in a batch": kill,
    "group member joins and leaves": rebalance,
    "broker stopped": stop_broker,
    "broker killed": kill_broker,
    "database: crash": fail_database,
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_loses_no_event_of_any_step(experiment: Experiment, kind: str) -> None:
    """Every event takes effect exactly once, and none that was only interrupted is dead-lettered."""
    if kind.startswith("broker") and experiment.shop.broker is None:
        pytest.skip("the embedded bus has no process to stop")
    if kind.startswith("database"):
        skip_without_crashes()
    dead_letters = experiment.shop.dead_letters()
    experiment.until_confirmed()
    for services in TOGETHER:
        accumulate(experiment, services)
        FAULTS[kind](experiment, services)
        for service in services:
            count(experiment, service, kind, KILLS if FAULTS[kind] is kill else 1)
        experiment.until_confirmed()
        experiment.shop.recover()
    experiment.verify()
    assert experiment.shop.dead_letters() == dead_letters


def _fail_broker(experiment: Experiment, services: Sequence[str], how: str) -> None:
    broker = experiment.shop.broker
    assert broker is not None
    resume(experiment, services)
    getattr(broker, how)()
    time.sleep(DOWN_SECONDS)
    broker.start()
