"""Answers are checked before anything renders, and what is wrong comes with what is right."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Pattern, check_answers, load_pattern, parse_value
from tests.patterns_on_disk import TINY, tiny, write_pattern


@pytest.fixture
def pattern(tmp_path: Path) -> Pattern:
    return load_pattern(write_pattern(tmp_path))


def test_what_is_not_given_is_the_default(pattern: Pattern) -> None:
    """In the order of the pattern, whatever the order of the answers."""
    answers = check_answers(pattern, "my-shop", {"replicas": 3, "database": "mysql"})

    assert list(answers.options.items()) == [
        ("database", "mysql"),
        ("kubernetes", True),
        ("domain", "default"),
        ("replicas", 3),
    ]
    assert (answers.project, answers.package) == ("my-shop", "my_shop")


def test_an_option_exists_only_when_its_condition_holds(pattern: Pattern) -> None:
    """It is not among the answers, so a template cannot use it by mistake."""
    assert "domain" not in check_answers(pattern, "shop", {"kubernetes": False}).options

    with pytest.raises(AnswersError, match="domain does not exist with these answers") as caught:
        check_answers(pattern, "shop", {"kubernetes": False, "domain": "prod"})
    assert caught.value.hint == "It exists only when kubernetes."


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"databse": "mysql"}, "no option 'databse'; did you mean 'database'?"),
        ({"database": "postgres"}, "'postgres' is no value for database; did you mean 'postgresql'?"),
        ({"database": "oracle"}, "'oracle' is no value for database$"),
        ({"database": True}, "True is no value for database"),
        ({"kubernetes": "yes"}, "'yes' is no value for kubernetes"),
        ({"kubernetes": 1}, "1 is no value for kubernetes"),
        ({"replicas": 0}, "0 is no value for replicas"),
        ({"replicas": 101}, "101 is no value for replicas"),
        ({"replicas": True}, "True is no value for replicas"),
        ({"replicas": "2"}, "'2' is no value for replicas"),
        ({"replicas": None}, "None is no value for replicas"),
        ({"domain": "two\nlines"}, "is no value for domain"),
        ({"domain": "x" * 201}, "is no value for domain"),
        ({"domain": ["list"]}, "is no value for domain"),
        ({"domain": "\u202etxt"}, "is no value for domain"),
    ],
)
def test_a_wrong_answer_names_the_right_ones(pattern: Pattern, given: dict[str, Any], expected: str) -> None:
    """An unknown option or value names the nearest right one."""
    with pytest.raises(AnswersError, match=expected) as caught:
        check_answers(pattern, "shop", given)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("kubernetes", "yes", True),
        ("kubernetes", "False", False),
        ("replicas", "7", 7),
        ("database", "mysql", "mysql"),
        ("domain", "true", "true"),
    ],
)
def test_text_is_read_as_the_type_of_the_option(pattern: Pattern, name: str, text: str, value: Any) -> None:
    """As typed on a command line."""
    assert parse_value(name, pattern.options[name], text) == value


@pytest.mark.parametrize(("name", "text"), [("kubernetes", "perhaps"), ("replicas", "two"), ("replicas", "")])
def test_text_of_another_type_is_refused(pattern: Pattern, name: str, text: str) -> None:
    """With what would be right."""
    with pytest.raises(AnswersError, match=f"is no value for {name}"):
        parse_value(name, pattern.options[name], text)


@pytest.mark.parametrize("when", ["databse == 'mysql'", "database ==", "database.__class__", "'x' * 10**9"])
def test_a_broken_condition_is_an_error_of_the_pattern(tmp_path: Path, when: str) -> None:
    """Not of the user who answers."""
    option = {"type": "boolean", "question": "Really?", "default": True, "when": when}
    pattern = load_pattern(
        write_pattern(tmp_path, tiny(options={"database": TINY["options"]["database"], "broken": option}))
    )

    with pytest.raises(PatternError, match="the condition of option broken"):
        check_answers(pattern, "shop", {})


LIST = {"type": "list", "question": "Which others?"}
CLOUDS = {"type": "list", "question": "Which clouds?", "choices": {"aws": "AWS", "gcp": "GCP"}}


def test_a_list_has_different_lines(tmp_path: Path) -> None:
    """From the command line with commas; nothing is a list too."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"others": LIST})))
    option = pattern.options["others"]

    assert parse_value("others", option, " reviews, returns ") == ["reviews", "returns"]
    assert parse_value("others", option, "") == []
    assert check_answers(pattern, "shop", {}).options == {"others": []}
    for wrong in ("reviews", ["a", "a"], [""], [1], ["two\nlines"], [str(n) for n in range(101)]):
        with pytest.raises(AnswersError, match="is no value for others"):
            check_answers(pattern, "shop", {"others": wrong})


def test_a_list_with_choices_has_some_of_them(tmp_path: Path) -> None:
    """In the user's order."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"clouds": CLOUDS})))

    assert check_answers(pattern, "shop", {"clouds": ["gcp", "aws"]}).options == {"clouds": ["gcp", "aws"]}
    with pytest.raises(AnswersError, match="is no value for clouds") as caught:
        check_answers(pattern, "shop", {"clouds": ["azure"]})
    assert caught.value.hint == "clouds is some of aws, gcp, with commas between them."


SERVICES = {"type": "list", "item": "service", "reserved": ["orders"], "question": "Which other services?"}


def test_the_items_of_a_list_of_things_are_names(tmp_path: Path) -> None:
    """Of folders, modules and hosts at once, so they are strict."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"others": SERVICES})))

    check_answers(pattern, "shop", {"others": ["gift_cards", "v2"]})
    for wrong in ("orders", "Reviews", "gift-cards", "gift__cards", "gift_", "2nd", "class", "x" * 41, "é"):
        with pytest.raises(AnswersError, match="is no value for others") as caught:
            check_answers(pattern, "shop", {"others": [wrong]})
    assert caught.value.hint == (
        "others is a list of names such as my_service, with commas between them, none of orders."
    )
