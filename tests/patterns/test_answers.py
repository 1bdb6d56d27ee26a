"""Answers are validated before rendering, and an error says which values are valid."""

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


def test_missing_answers_take_the_defaults(pattern: Pattern) -> None:
    """Missing answers take the defaults, and all of them are in the pattern's order."""
    answers = check_answers(pattern, "my-shop", {"replicas": 3, "database": "mysql"})

    assert list(answers.options.items()) == [
        ("database", "mysql"),
        ("kubernetes", True),
        ("domain", "default"),
        ("replicas", 3),
    ]
    assert (answers.project, answers.package) == ("my-shop", "my_shop")


def test_an_option_exists_only_when_its_condition_holds(pattern: Pattern) -> None:
    """An option whose condition does not hold has no value, and cannot be answered."""
    assert "domain" not in check_answers(pattern, "shop", {"kubernetes": False}).options

    with pytest.raises(AnswersError, match="domain does not exist with these answers") as caught:
        check_answers(pattern, "shop", {"kubernetes": False, "domain": "prod"})
    assert caught.value.hint == "It exists only when `kubernetes` is true."


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"databse": "mysql"}, "no option 'databse'; did you mean 'database'?"),
        ({"database": "postgres"}, "'postgres' is not valid for database; did you mean 'postgresql'?"),
        ({"database": "oracle"}, "'oracle' is not valid for database$"),
        ({"database": True}, "True is not valid for database"),
        ({"kubernetes": "maybe"}, "'maybe' is not valid for kubernetes"),
        ({"kubernetes": 1}, "1 is not valid for kubernetes"),
        ({"replicas": 0}, "0 is not valid for replicas"),
        ({"replicas": 101}, "101 is not valid for replicas"),
        ({"replicas": True}, "True is not valid for replicas"),
        ({"replicas": "2"}, "'2' is not valid for replicas"),
        ({"replicas": None}, "None is not valid for replicas"),
        ({"domain": "two\nlines"}, "is not valid for domain"),
        ({"domain": "x" * 201}, "is not valid for domain"),
        ({"domain": ["list"]}, "is not valid for domain"),
        ({"domain": "\u202etxt"}, "is not valid for domain"),
    ],
)
def test_an_invalid_answer_names_the_valid_ones(
    pattern: Pattern, given: dict[str, Any], expected: str
) -> None:
    """An unknown option or an invalid value is refused, with the nearest match and the valid values."""
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
    """Text from a command line becomes a value of the option's type."""
    assert parse_value(name, pattern.options[name], text) == value


@pytest.mark.parametrize(("name", "text"), [("kubernetes", "perhaps"), ("replicas", "two"), ("replicas", "")])
def test_text_of_another_type_is_refused(pattern: Pattern, name: str, text: str) -> None:
    """Text that cannot be converted to the option's type is refused."""
    with pytest.raises(AnswersError, match=f"is not valid for {name}"):
        parse_value(name, pattern.options[name], text)


@pytest.mark.parametrize("when", ["databse == 'mysql'", "database ==", "database.__class__", "'x' * 10**9"])
def test_a_broken_condition_is_an_error_of_the_pattern(tmp_path: Path, when: str) -> None:
    """A condition that cannot be evaluated is reported as an error of the pattern, not of an answer."""
    option = {"type": "boolean", "question": "Really?", "default": True, "when": when}
    pattern = load_pattern(
        write_pattern(tmp_path, tiny(options={"database": TINY["options"]["database"], "broken": option}))
    )

    with pytest.raises(PatternError, match="the condition of option broken"):
        check_answers(pattern, "shop", {})


LIST = {"type": "list", "question": "Which others?"}
CLOUDS = {"type": "list", "question": "Which clouds?", "choices": {"aws": "AWS", "gcp": "GCP"}}


def test_a_list_has_distinct_one_line_items(tmp_path: Path) -> None:
    """A list, which may be empty, has distinct items of one line; on a command line, commas separate them."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"others": LIST})))
    option = pattern.options["others"]

    assert parse_value("others", option, " reviews, returns ") == ["reviews", "returns"]
    assert parse_value("others", option, "") == []
    assert check_answers(pattern, "shop", {}).options == {"others": []}
    for wrong in ("reviews", ["a", "a"], [""], [1], ["two\nlines"], [str(n) for n in range(101)]):
        with pytest.raises(AnswersError, match="is not valid for others"):
            check_answers(pattern, "shop", {"others": wrong})


def test_a_list_with_choices_accepts_only_these(tmp_path: Path) -> None:
    """A list with choices accepts any of them, and keeps the user's order."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"clouds": CLOUDS})))

    assert check_answers(pattern, "shop", {"clouds": ["gcp", "aws"]}).options == {"clouds": ["gcp", "aws"]}
    with pytest.raises(AnswersError, match="is not valid for clouds") as caught:
        check_answers(pattern, "shop", {"clouds": ["azure"]})
    assert caught.value.hint == "Use any of aws, gcp, separated by commas."


SERVICES = {"type": "list", "item": "service", "reserved": ["orders"], "question": "Which other services?"}


def test_the_items_of_a_list_with_an_item_word_are_names(tmp_path: Path) -> None:
    """If a list has an `item` word, its items must be usable as names of folders, modules and hosts."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"others": SERVICES})))

    check_answers(pattern, "shop", {"others": ["gift_cards", "v2"]})
    for wrong in ("orders", "Reviews", "gift-cards", "gift__cards", "gift_", "2nd", "class", "x" * 33, "é"):
        with pytest.raises(AnswersError, match="is not valid for others") as caught:
            check_answers(pattern, "shop", {"others": [wrong]})
    assert caught.value.hint == "Use a comma-separated list of names such as my_service, except orders."


NAME = {"type": "string", "question": "Which name?", "default": "{{ package }}_db"}
PORT = {
    "type": "integer",
    "question": "Which port?",
    "default": 80,
    "validator": "{% if port < 1024 and name != 'root' %}only root may use {{ port }}{% endif %}",
}


def one_option(folder: Path, **option: Any) -> Pattern:
    """Write and load a pattern with only the option `x`."""
    return load_pattern(write_pattern(folder, tiny(options={"x": {"question": "What?", **option}})))


def test_a_default_may_use_the_project_name_and_earlier_answers(tmp_path: Path) -> None:
    """A default that is a template is rendered with the project name and the earlier answers."""
    longer = {**NAME, "default": "{{ name|upper }}"}
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"name": NAME, "longer": longer})))

    assert check_answers(pattern, "my-shop", {}).options == {"name": "my_shop_db", "longer": "MY_SHOP_DB"}
    assert check_answers(pattern, "my-shop", {"name": "x"}).options == {"name": "x", "longer": "X"}


def test_a_validator_says_what_is_wrong(tmp_path: Path) -> None:
    """A validator sees its answer and the earlier ones, and also rejects an invalid default."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(options={"name": NAME, "port": PORT})))

    assert check_answers(pattern, "shop", {"port": 8080}).options["port"] == 8080
    assert check_answers(pattern, "shop", {"name": "root"}).options["port"] == 80
    for given in ({"port": 81}, {}):
        with pytest.raises(AnswersError, match="is not valid for port: only root may use 8"):
            check_answers(pattern, "shop", given)


@pytest.mark.parametrize("key", ["validator", "default"])
@pytest.mark.parametrize("text", ["{{ missing }}", "{{ x", "{{ 1 / 0 }}", "{{ ''.__class__ }}"])
def test_a_broken_template_of_an_option_is_an_error_of_the_pattern(
    tmp_path: Path, key: str, text: str
) -> None:
    """A default or validator that cannot be rendered is an error of the pattern, not of an answer."""
    pattern = one_option(tmp_path, **{"type": "string", "default": "", key: text})
    with pytest.raises(PatternError, match=f"the {key} of option x"):
        check_answers(pattern, "shop", {})


def test_a_required_option_needs_an_answer(tmp_path: Path) -> None:
    """The default of a required option is only an example, and does not replace an answer."""
    pattern = one_option(tmp_path, type="string", default="ACME", required=True)

    assert check_answers(pattern, "shop", {"x": "Ours"}).options == {"x": "Ours"}
    with pytest.raises(AnswersError, match=r"x is required: What\?") as caught:
        check_answers(pattern, "shop", {})
    assert caught.value.hint == "Use --set x=VALUE."


def test_all_required_options_without_an_answer_are_named(tmp_path: Path) -> None:
    """So that nobody has to run the command once for each, as far as they do not depend on each other."""
    owner = {"type": "string", "question": "Who owns it?", "default": "", "required": True}
    checked = {**owner, "validator": "{% if not mail %}write an address{% endif %}"}
    derived = {"type": "string", "question": "Which host?", "default": "{{ mail.split('@')[1] }}"}
    options = {"owner": owner, "team": {**owner}, "mail": checked, "host": derived, "last": {**owner}}
    pattern = load_pattern(write_pattern(tmp_path, tiny(options=options)))

    with pytest.raises(AnswersError, match=r"these options are required: owner, mail$") as caught:
        check_answers(pattern, "shop", {"team": "Ours"})
    assert caught.value.hint == "Use --set owner=VALUE --set mail=VALUE."


def test_a_secret_answer_is_never_revealed(tmp_path: Path) -> None:
    """A secret answer is neither in an error message nor among the answers that a project stores."""
    pattern = one_option(
        tmp_path, type="string", default="", secret=True, validator="{% if x == 'topsecret' %}no{% endif %}"
    )
    answers = check_answers(pattern, "shop", {"x": "s3cr3t"})

    assert (answers.options, answers.remembered) == ({"x": "s3cr3t"}, {})
    for wrong in ("topsecret", "topsecret\n"):
        with pytest.raises(AnswersError, match="the given value is not valid for x") as caught:
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
def test_numbers_data_and_multiline_texts_are_accepted(
    tmp_path: Path, option: Any, text: str, value: Any
) -> None:
    """Numbers, data and multiline texts are accepted from a command line and from a file."""
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
def test_invalid_numbers_data_and_multiline_texts_are_refused(
    tmp_path: Path, option: Any, wrong: Any
) -> None:
    """Values out of range, data that JSON cannot preserve, and texts with control characters are refused."""
    pattern = one_option(tmp_path, **option)
    with pytest.raises(AnswersError, match="is not valid for x"):
        check_answers(pattern, "shop", {"x": wrong})


def test_files_with_a_secret_answer_are_secret(tmp_path: Path) -> None:
    """A file that contains a secret answer is secret, but not one that contains the public default."""
    option = {"type": "string", "question": "Key?", "default": "example", "secret": True}
    content = tiny(options={"key": option}, values={}, layers=[{"from": "files", "to": "."}], look=[])
    files = {"files/a.jinja": "key={{ key }}\n", "files/b.jinja": "{{ project }}\n"}
    pattern = load_pattern(write_pattern(tmp_path, content, files))

    def secret_files(given: dict[str, Any]) -> list[str]:
        tree = render(pattern, check_answers(pattern, "shop", given)).tree
        return [path for path, file in tree.items() if file.secret]

    assert secret_files({"key": "s3cr3t"}) == ["a"]
    assert secret_files({}) == []


@pytest.mark.parametrize(
    ("option", "value", "shown"),
    [
        ({"type": "string", "default": ""}, 3.1, "3.1"),
        ({"type": "string", "default": ""}, True, "True"),
        ({"type": "string", "default": ""}, date(2026, 1, 31), "2026-01-31"),
        ({"type": "choice", "choices": {"on": "With.", "off": "Without."}, "default": "on"}, True, "True"),
        ({"type": "list", "choices": {"3.9": "Old.", "3.10": "New."}}, [3.1], r"\[3\.1\]"),
    ],
)
def test_a_text_that_yaml_reads_as_something_else_has_to_be_quoted(
    tmp_path: Path, option: Any, value: Any, shown: str
) -> None:
    """A version, a date or a word such as on is text only in quotes, and the hint says so."""
    pattern = one_option(tmp_path, **option)
    with pytest.raises(AnswersError, match=f"^{shown} is not valid for x") as caught:
        check_answers(pattern, "shop", {"x": value})
    assert "quotes" in caught.value.hint
