"""Services are killed while their consumer groups handle events."""

import random
import time

import pytest

from dev.architecture import CONTEXTS, SERVICES

from .experiment import Experiment
from .steps import STEPS, count
from .traffic import traffic

KILLS = 3
CONSUMING = {
    service.name: [context for context in service.contexts if context in STEPS]
    for service in SERVICES
    if any(CONTEXTS[context].consumes for context in service.contexts)
}


@pytest.mark.parametrize("service", CONSUMING)
def test_a_killed_service_loses_no_event(experiment: Experiment, service: str) -> None:
    """Every event takes effect exactly once in each of its groups, and none is dead-lettered."""
    dead_letters = experiment.shop.dead_letters()
    experiment.until_confirmed()
    with traffic(experiment):
        for _ in range(KILLS):
            time.sleep(random.uniform(0, 0.5))
            experiment.shop.crash(service)
            experiment.shop.processes[service].wait_for("/readyz")
        for group in CONSUMING[service]:
            count(experiment, group, "consumer killed in a batch", KILLS)
        experiment.until_confirmed()
    experiment.verify()
    assert experiment.shop.dead_letters() == dead_letters
