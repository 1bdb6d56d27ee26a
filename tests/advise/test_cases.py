"""Tests of the published decisions: a regression test of the model, not a measure of its accuracy."""

from blueprint.advise.cases import LENIENT_FLOOR, NOTE, STRICT_FLOOR, evaluate_cases, table, tally


def test_the_model_matches_enough_published_cases() -> None:
    """The model matches at least 27 of 29 cases leniently and 24 of 28 strictly."""
    lenient, lenient_of, strict, strict_of = tally(evaluate_cases())
    assert (lenient_of, strict_of) == (29, 28)
    assert (LENIENT_FLOOR, STRICT_FLOOR) == (27, 24)
    assert lenient >= LENIENT_FLOOR
    assert strict >= STRICT_FLOOR


def test_all_cases_are_evaluated() -> None:
    """There are 33 cases, of which four are documentation only."""
    results = evaluate_cases()
    assert len(results) == 33
    assert sum(not result.scored for result in results) == 4


def test_the_table_lists_all_cases_and_ends_with_a_caveat() -> None:
    """The table has a line for each case, the counts, and the note that it is not a measure of accuracy."""
    text = table(evaluate_cases())
    for case in evaluate_cases():
        assert case.id in text
    assert "lenient" in text
    assert text.endswith(NOTE)
