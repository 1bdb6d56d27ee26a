"""Answers are checked before anything renders, and what is wrong comes with what is right."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Pattern, check_answers, load_pattern, parse_value
from blueprint.sources import render
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
    for wrong in ("orders", "Reviews", "gift-cards", "gift__cards", "gift_", "2nd", "class", "x" * 33, "é"):
        with pytest.raises(AnswersError, match="is no value for others") as caught:
            check_answers(pattern, "shop", {"others": [wrong]})
    assert caught.value.hint == (
        "others is a list of names such as my_service, with commas between them, none of orders."
    )


NAME = {"type": "string", "question": "Which name?", "default": "{{ package }}_db"}
PORT = {
    "type": "integer",
    "question": "Which port?",
    "default": 80,
    "validator": "{% if port < 1024 and name != 'root' %}only root may use {{ port }}{% endif %}",
}


def one_option(folder: Path, **option: Any) -> Pattern:
    """A pattern with the option `x`."""
    return load_pattern(write_pattern(folder, tiny(options={"x": {"question": "What?", **option}})))


def test_a_default_may_follow_from_what_is_known(tmp_path: Path) -> None:
    """The name of the project, and the answers before."""
    longer = {**NAME, "default": "{{ name|upper }}"}
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"name": NAME, "longer": longer})))

    assert check_answers(pattern, "my-shop", {}).options == {"name": "my_shop_db", "longer": "MY_SHOP_DB"}
    assert check_answers(pattern, "my-shop", {"name": "x"}).options == {"name": "x", "longer": "X"}


def test_a_validator_says_what_is_wrong(tmp_path: Path) -> None:
    """It sees its own answer and those before; a default has to please it, too."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"name": NAME, "port": PORT})))

    assert check_answers(pattern, "shop", {"port": 8080}).options["port"] == 8080
    assert check_answers(pattern, "shop", {"name": "root"}).options["port"] == 80
    for given in ({"port": 81}, {}):
        with pytest.raises(AnswersError, match="is no value for port: only root may use 8"):
            check_answers(pattern, "shop", given)


@pytest.mark.parametrize("key", ["validator", "default"])
@pytest.mark.parametrize("text", ["{{ missing }}", "{{ x", "{{ 1 / 0 }}", "{{ ''.__class__ }}"])
def test_a_broken_text_is_an_error_of_the_pattern(tmp_path: Path, key: str, text: str) -> None:
    """Not of the user who answers."""
    pattern = one_option(tmp_path, **{"type": "string", "default": "", key: text})
    with pytest.raises(PatternError, match=f"the {key} of option x"):
        check_answers(pattern, "shop", {})


def test_a_required_option_has_to_be_answered(tmp_path: Path) -> None:
    """Its default is only an example."""
    pattern = one_option(tmp_path, type="string", default="ACME", required=True)

    assert check_answers(pattern, "shop", {"x": "Ours"}).options == {"x": "Ours"}
    with pytest.raises(AnswersError, match=r"x has to be answered: What\?") as caught:
        check_answers(pattern, "shop", {})
    assert "--set x=" in caught.value.hint


def test_a_secret_answer_is_never_said(tmp_path: Path) -> None:
    """Neither in an error nor among what a project remembers."""
    pattern = one_option(
        tmp_path, type="string", default="", secret=True, validator="{% if x == 'topsecret' %}no{% endif %}"
    )
    answers = check_answers(pattern, "shop", {"x": "s3cr3t"})

    assert (answers.options, answers.remembered) == ({"x": "s3cr3t"}, {})
    for wrong in ("topsecret", "topsecret\n"):
        with pytest.raises(AnswersError, match="what was given is no value for x") as caught:
            check_answers(pattern, "shop", {"x": wrong})
        assert "topsecret" not in caught.value.message


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        ({"type": "number", "default": 1}, "2.5", 2.5),
        ({"type": "number", "default": 1}, "3", 3.0),
        ({"type": "data", "default": None}, "{a: [1, null]}", {"a": [1, None]}),
        ({"type": "data", "default": None}, "text", "text"),
        ({"type": "string", "default": "", "multiline": True}, "a\n\tb", "a\n\tb"),
    ],
)
def test_numbers_data_and_long_texts(tmp_path: Path, option: Any, text: str, value: Any) -> None:
    """As typed on a command line, and as they come from a file."""
    pattern = one_option(tmp_path, **option)
    assert parse_value("x", pattern.options["x"], text) == value
    assert check_answers(pattern, "shop", {"x": value}).options == {"x": value}


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ({"type": "number", "default": 1.5, "minimum": 1}, 0.9),
        ({"type": "number", "default": 1.5}, True),
        ({"type": "number", "default": 1.5}, float("inf")),
        ({"type": "number", "default": 1.5}, "1.5"),
        ({"type": "data", "default": None}, date(2026, 1, 1)),
        ({"type": "data", "default": None}, {1: "not as JSON has it"}),
        ({"type": "string", "default": "", "multiline": True}, "a\x1b[2J"),
        ({"type": "string", "default": "", "multiline": True}, "x" * 20_001),
    ],
)
def test_what_they_are_not(tmp_path: Path, option: Any, wrong: Any) -> None:
    """What would not come back from a file as it was, or does something to a terminal."""
    pattern = one_option(tmp_path, **option)
    with pytest.raises(AnswersError, match="is no value for x"):
        check_answers(pattern, "shop", {"x": wrong})


def test_secret_answers_make_secret_files(tmp_path: Path) -> None:
    """Whatever file they get into; the example that everybody can read makes none."""
    option = {"type": "string", "question": "Key?", "default": "example", "secret": True}
    content = tiny(options={"key": option}, values={}, layers=[{"from": "files", "to": "."}], look=[])
    files = {"files/a.jinja": "key={{ key }}\n", "files/b.jinja": "{{ project }}\n"}
    pattern = load_pattern(write_pattern(tmp_path, content, files))

    def secret_files(given: dict[str, Any]) -> list[str]:
        tree = render(pattern, check_answers(pattern, "shop", given)).tree
        return [path for path, file in tree.items() if file.secret]

    assert secret_files({"key": "s3cr3t"}) == ["a"]
    assert secret_files({}) == []
