"""Tests of conditions on entity tags (RFC 9110, section 13.1)."""

import pytest

from ..tags import none_match, versions_matching


@pytest.mark.parametrize("condition", ['"3"', 'W/"3"', '"1", "3"', ' "1",W/"3"', "*", " * "])
def test_known_tag_needs_no_response(condition: str) -> None:
    """If-None-Match compares tags weakly."""
    assert not none_match(condition, '"3"')


@pytest.mark.parametrize("condition", [None, "", '""', '"33"', "3", 'W/"1", "2"'])
def test_unknown_tag_needs_a_response(condition: str | None) -> None:
    """A missing or malformed condition matches no tag."""
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
def test_if_match_allows_the_versions_that_it_names(condition: str | None, versions: set[int] | None) -> None:
    """If-Match compares tags strongly; a tag that is no version matches nothing."""
    assert versions_matching(condition) == versions
