"""The published decisions: a floor under the model, never a claim of accuracy."""

from blueprint.advise.cases import LENIENT_FLOOR, NOTE, STRICT_FLOOR, evaluate_cases, table, tally


def test_the_model_keeps_its_floor() -> None:
    """29 records scored leniently, 28 strictly."""
    lenient, lenient_of, strict, strict_of = tally(evaluate_cases())
    assert (lenient_of, strict_of) == (29, 28)
    assert (LENIENT_FLOOR, STRICT_FLOOR) == (27, 24)
    assert lenient >= LENIENT_FLOOR
    assert strict >= STRICT_FLOOR


def test_there_are_all_records() -> None:
    """33, of which some are documentation only."""
    results = evaluate_cases()
    assert len(results) == 33
    assert sum(not result.scored for result in results) == 4


def test_the_table_says_what_it_is() -> None:
    """A line for each record, the counts, and the warning."""
    text = table(evaluate_cases())
    for outcome in evaluate_cases():
        assert outcome.id in text
    assert "lenient" in text
    assert text.endswith(NOTE)
