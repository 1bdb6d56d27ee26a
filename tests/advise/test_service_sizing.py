"""The sizes of services reach the options of the pattern that has them, all and no others."""

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
    """The recommendation for some answers."""
    return recommend(complete(answers), model_with(), today=date(2026, 11, 1))


@pytest.mark.parametrize("pattern", ["monolith", "microservices", "event-driven"])
@pytest.mark.parametrize("needs", [{}, BUSY], ids=["quiet", "busy"])
def test_every_size_is_an_option_and_every_replica_count_is_sized(
    pattern: str, needs: dict[str, float]
) -> None:
    """What is recommended can be made, and no service is left at a default."""
    advice = answers_for(advised(**needs), pattern)
    assert advice.pop("pattern") == pattern
    options = find_pattern(pattern).options
    assert set(advice) <= set(options)
    assert {name for name in options if "replicas" in name} <= set(advice)
    assert check_answers(find_pattern(pattern), "shop", advice).options.items() >= advice.items()


@pytest.mark.parametrize("pattern", SERVICES_BY_DEPLOYABLE)
def test_busier_services_get_more_replicas(pattern: str) -> None:
    """Within a deployable too; none has fewer than two, and each may grow."""
    found = advised(**BUSY)
    services = service_sizes(pattern, found.estimates[pattern].plan, Demand.of(found.needs))
    sizes = {name: (least, most) for name, least, most in services}
    for names in SERVICES_BY_DEPLOYABLE[pattern].values():
        bounds = [sizes[name] for name in names]
        assert bounds == sorted(bounds, reverse=True)
    assert sizes["catalog"] == max(sizes.values()) > min(sizes.values())
    assert all(2 <= least < most for least, most in sizes.values())


@pytest.mark.parametrize("pattern", SERVICES_BY_DEPLOYABLE)
def test_services_together_hold_what_their_deployable_does(pattern: str) -> None:
    """At the mean rate: nothing is lost in the division but what is rounded up."""
    found = advised(**BUSY)
    plan = found.estimates[pattern].plan
    sizes = {name: least for name, least, _ in service_sizes(pattern, plan, Demand.of(found.needs))}
    for deployable in plan.services:
        names = SERVICES_BY_DEPLOYABLE[pattern][deployable.name]
        # Each has one to spare.
        working = sum(sizes[name] - 1 for name in names)
        assert deployable.replicas - 1 <= working <= deployable.replicas - 1 + len(names)


def test_four_nines_get_three_replicas_of_each_service() -> None:
    """Whatever the traffic."""
    advice = answers_for(advised(availability=99.99), "microservices")
    assert {value for name, value in advice.items() if name.endswith("_replicas") and "max" not in name} == {
        3
    }
