"""An option has another default where a condition on the earlier answers holds."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.authoring.pairwise import OptionSpace
from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Pattern, check_answers, load_pattern
from tests.patterns_on_disk import tiny, write_pattern

STACK = {
    "type": "choice",
    "question": "Which?",
    "choices": {"python": "P", "spring": "S"},
    "default": "python",
}
MEMORY = {"type": "integer", "question": "How much?", "default": 384, "minimum": 192}


def pattern(folder: Path, default_if: dict[str, Any], **changes: Any) -> Pattern:
    """A pattern in which the default of `memory` depends on `stack`."""
    options = {"stack": STACK, "memory": {**MEMORY, "default_if": default_if, **changes}}
    content = tiny(options=options, values={}, layers=[{"from": "files", "to": "."}], look=[])
    return load_pattern(write_pattern(folder, content, {"files/a": ""}))


def test_the_first_condition_that_holds_decides(tmp_path: Path) -> None:
    """Without a condition that holds, the default is `default`; an answer replaces either."""
    found = pattern(tmp_path, {"stack == 'spring'": 512, "true": 300})
    assert check_answers(found, "my-shop", {"stack": "spring"}).options["memory"] == 512
    assert check_answers(found, "my-shop", {}).options["memory"] == 300
    assert check_answers(found, "my-shop", {"stack": "spring", "memory": 200}).options["memory"] == 200

    found = pattern(tmp_path / "other", {"stack == 'spring'": 512})
    assert check_answers(found, "my-shop", {}).options["memory"] == 384


def test_each_default_is_a_value_of_the_option(tmp_path: Path) -> None:
    """A default that the option does not accept is an error of the pattern, which names the option."""
    with pytest.raises(PatternError, match="191 is not valid for memory"):
        pattern(tmp_path, {"stack == 'spring'": 191})


def test_a_broken_condition_is_an_error_of_the_pattern(tmp_path: Path) -> None:
    """A condition that cannot be evaluated is reported as an error of the pattern, not of an answer."""
    with pytest.raises(PatternError, match="a default of option memory"):
        check_answers(pattern(tmp_path, {"stak == 'spring'": 512}), "my-shop", {})


def test_combinations_that_are_checked_have_the_default_of_their_condition(tmp_path: Path) -> None:
    """A validator that refuses the other default leaves combinations with each condition."""
    refused = "{% if (stack == 'spring') != (memory > 400) %}does not fit{% endif %}"
    found = pattern(tmp_path, {"stack == 'spring'": 512}, validator=refused)
    with pytest.raises(AnswersError, match="does not fit"):
        check_answers(found, "my-shop", {"stack": "spring", "memory": 384})
    selected = [*OptionSpace(found).pairwise()]
    assert {"stack": "python", "memory": 384} in selected
    assert {"stack": "spring", "memory": 512} in selected
