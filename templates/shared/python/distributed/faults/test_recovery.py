"""The shop after a fault test that failed before it ended its faults."""

from .experiment import Experiment


def test_the_shop_recovers_from_faults_that_a_failed_test_has_left(experiment: Experiment) -> None:
    """A suspended service continues, a killed one is started again, and the next order is confirmed."""
    suspended, *_, killed = [name for name in experiment.shop.processes if name != "gateway"]
    experiment.shop.pause(suspended)
    experiment.shop.kill(killed)
    experiment.shop.recover()
    experiment.until_confirmed()
    experiment.verify()
