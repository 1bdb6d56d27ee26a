"""Whether to stay with today's pattern."""

from datetime import date

import pytest

from blueprint.advise.moving import verdict
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import complete

TODAY = date(2026, 11, 22)


def recommendation(**answers: object) -> Recommendation:
    """Return the recommendation for some answers."""
    return recommend(complete(answers), model_with(), today=TODAY)


def test_the_recommended_pattern_stays() -> None:
    """A system that already has the recommended pattern stays."""
    found = verdict(recommendation(), "monolith")
    assert (found.move, found.gain) == (False, 0)


def test_a_small_gain_does_not_cover_the_move() -> None:
    """The recommended pattern must be better by more than the cost of moving."""
    large = recommendation(engineers=60, teams=8, waiting_percent=60, ops_maturity=4, domain="stable")
    assert large.pattern == "microservices"
    found = verdict(large, "monolith")
    assert 0 < found.gain < found.needed
    assert not found.move


def test_a_clear_gain_does() -> None:
    """Many people who wait for each other are worth the move."""
    found = verdict(
        recommendation(engineers=200, teams=25, waiting_percent=60, ops_maturity=5, domain="stable"),
        "monolith",
    )
    assert found.gain >= found.needed
    assert found.move


def test_a_move_does_not_rest_on_assumed_answers() -> None:
    """However large the gain is, a team that nobody described is asked about first."""
    found = verdict(recommendation(mean_rps=100), "event-driven")
    assert found.gain > found.needed
    assert not found.move
    assert "answer these first" in found.reason


def test_a_closed_gate_forces_the_move() -> None:
    """A pattern that fails a gate cannot stay, however small the gain is."""
    found = verdict(recommendation(ops_maturity=1, engineers=4), "microservices")
    assert found.move
    assert "fails a gate" in found.reason


@pytest.mark.parametrize("today", [None, "spaghetti"])
def test_an_unknown_pattern_has_no_verdict(today: str | None) -> None:
    """Without today's pattern there is nothing to move from."""
    found = verdict(recommendation(), today)
    assert (found.today, found.move) == (None, False)
