"""Tests of the published decisions: a regression test of the model, not a measure of its accuracy."""

from collections.abc import Sequence
from functools import cache

import pytest

from blueprint.advise.cases import (
    BASELINES,
    MODEL,
    NOTE,
    PREDICTORS,
    PUBLISHED,
    PUBLISHED_ONLY,
    CaseResult,
    by_confidence,
    evaluate_cases,
    summary,
    table,
    tally,
)


@cache
def results() -> Sequence[CaseResult]:
    """Return every case; evaluating them takes a second."""
    return evaluate_cases()


@pytest.mark.slow
def test_the_model_matches_enough_published_cases() -> None:
    """The model matches at least 33 of 38 cases leniently and 29 of 36 strictly."""
    hits = tally(results())
    assert (hits.lenient_of, hits.strict_of) == (38, 36)
    assert hits.lenient >= 33
    assert hits.strict >= 29


def test_published_facts_alone_are_enough_for_most_cases() -> None:
    """With only the published facts answered, at least 75% of the labels can be defended."""
    hits = tally(results(), PUBLISHED)
    assert hits.lenient >= 0.75 * hits.lenient_of


def test_the_model_is_better_than_every_baseline() -> None:
    """The model matches more cases strictly, and no fewer leniently, than always the same or a few rules."""
    for known in ("", PUBLISHED_ONLY):
        mine = tally(results(), MODEL + known)
        for name in BASELINES:
            assert mine.strict > tally(results(), name + known).strict
            assert mine.lenient >= tally(results(), name + known).lenient


def test_high_confidence_is_almost_never_wrong() -> None:
    """No label of high or medium confidence is indefensible, and high confidence is not rare."""
    levels = by_confidence(results())
    assert levels["high"].lenient == levels["high"].lenient_of > 15
    assert levels["medium"].lenient == levels["medium"].lenient_of


def test_all_cases_are_evaluated() -> None:
    """There are 42 cases, of which four are documentation only, and every predictor has a label for each."""
    assert len(results()) == 42
    assert sum(not result.scored for result in results()) == 4
    assert all({*PREDICTORS} <= {*result.labels} for result in results())


def test_the_table_lists_all_cases_and_ends_with_a_caveat() -> None:
    """The table has a line for each case and each predictor, and ends with the note on accuracy."""
    text = table(results())
    for result in results():
        assert result.id in text
    for name in PREDICTORS:
        assert f"\n{name} " in text
    assert text.endswith(NOTE)
    assert len(summary(results())["cases"]) == 42
