"""Tests of service sizing: the sizes match the options of the patterns and the deployables of the model."""

from datetime import date

import pytest

from blueprint.advise.capacity_plan import Demand
from blueprint.advise.generator_options import answers_for
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.advise.service_sizing import SERVICES_BY_DEPLOYABLE, service_sizes
from blueprint.needs.answers import complete
from blueprint.patterns import check_answers, find_pattern

BUSY = {"mean_rps": 3000, "peak_rps": 9000, "events_per_s": 2000, "scale_skew": 8}


def advised(**answers: float) -> Recommendation:
    """Return the recommendation for some answers."""
    return recommend(complete(answers), model_with(), today=date(2026, 11, 1))


@pytest.mark.parametrize("pattern", ["monolith", "microservices", "event-driven"])
@pytest.mark.parametrize("needs", [{}, BUSY], ids=["quiet", "busy"])
def test_every_size_is_an_option_and_every_replica_count_is_sized(
    pattern: str, needs: dict[str, float]
) -> None:
    """All recommended sizes are valid options, and every replica option has a recommended size."""
    advice = answers_for(advised(**needs), pattern)
    assert advice.pop("pattern") == pattern
    options = find_pattern(pattern).options
    assert set(advice) <= set(options)
    assert {name for name in options if "replicas" in name} <= set(advice)
    assert check_answers(find_pattern(pattern), "shop", advice).options.items() >= advice.items()


@pytest.mark.parametrize("pattern", SERVICES_BY_DEPLOYABLE)
def test_busier_services_get_more_replicas(pattern: str) -> None:
    """Within a deployable, busier services get more replicas; each has at least two and can grow."""
    found = advised(**BUSY)
    services = service_sizes(pattern, found.estimates[pattern].plan, Demand.of(found.needs))
    sizes = {name: (least, most) for name, least, most in services}
    for names in SERVICES_BY_DEPLOYABLE[pattern].values():
        bounds = [sizes[name] for name in names]
        assert bounds == sorted(bounds, reverse=True)
    assert sizes["catalog"] == max(sizes.values()) > min(sizes.values())
    assert all(2 <= least < most for least, most in sizes.values())


@pytest.mark.parametrize("pattern", SERVICES_BY_DEPLOYABLE)
def test_services_have_the_worker_slots_of_their_deployable(pattern: str) -> None:
    """At the mean rate, the services of a deployable have its replicas, apart from rounding up."""
    found = advised(**BUSY)
    plan = found.estimates[pattern].plan
    sizes = {name: least for name, least, _ in service_sizes(pattern, plan, Demand.of(found.needs))}
    for deployable in plan.services:
        names = SERVICES_BY_DEPLOYABLE[pattern][deployable.name]
        # One replica of each service is a spare.
        working = sum(sizes[name] - 1 for name in names)
        assert deployable.replicas - 1 <= working <= deployable.replicas - 1 + len(names)


def test_four_nines_get_three_replicas_of_each_service() -> None:
    """An availability target of 99.99% gives each service at least three replicas."""
    advice = answers_for(advised(availability=99.99), "microservices")
    assert {value for name, value in advice.items() if name.endswith("_replicas") and "max" not in name} == {
        3
    }
