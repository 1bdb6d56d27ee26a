"""Conditions on entity tags (RFC 9110, 13.1)."""

import pytest

from ..tags import none_match, versions_matching


@pytest.mark.parametrize("condition", ['"3"', 'W/"3"', '"1", "3"', ' "1",W/"3"', "*", " * "])
def test_known_tag_spares_the_answer(condition: str) -> None:
    """The comparison is weak."""
    assert not none_match(condition, '"3"')


@pytest.mark.parametrize("condition", [None, "", '""', '"33"', "3", 'W/"1", "2"'])
def test_unknown_tag_gets_the_answer(condition: str | None) -> None:
    """Also when it is none at all."""
    assert none_match(condition, '"3"')


@pytest.mark.parametrize(
    ("condition", "versions"),
    [
        (None, None),
        ("*", None),
        ('"3"', {3}),
        ('"3", "4"', {3, 4}),
        ('W/"3"', set()),
        ('"x"', set()),
        ("3", set()),
        ('"99999999999999999999"', set()),
    ],
)
def test_change_is_allowed_of_the_versions_named(condition: str | None, versions: set[int] | None) -> None:
    """The comparison is strong, and what is no version of ours matches none."""
    assert versions_matching(condition) == versions
