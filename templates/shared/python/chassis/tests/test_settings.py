"""Tests of invalid settings: each is named in a sentence, and no command starts with them."""

import sys
from pathlib import Path

import click
import pytest
from pydantic import IPvAnyNetwork

from ..db.database import DatabaseSettings
from ..http.ratelimit import Limit
from ..serving import commands
from ..settings import HttpUrl, Listed, Settings


class ExampleSettings(Settings):
    """Settings of an example."""

    visits_per_user: Limit = "10/minute"
    example_url: HttpUrl
    other_url: HttpUrl | None = None
    tags: tuple[str, ...] = ()
    proxies: Listed[IPvAnyNetwork] = ()


@click.command()
def read() -> None:
    """Read settings."""
    DatabaseSettings()
    ExampleSettings()


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A valid environment, and no `.env` file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXAMPLE_URL", "http://example.com")
    monkeypatch.setattr(sys, "argv", ["shop", "read"])


def start() -> int:
    """Run a command that reads settings."""
    return commands.main("shop", read)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("LOG_LEVEL", "loud", "LOG_LEVEL is invalid: input should be 'DEBUG', 'INFO', "),
        (
            "DATABASE_POOL_SIZE",
            "0",
            "DATABASE_POOL_SIZE is invalid: input should be greater than or equal to 1.",
        ),
        ("DATABASE_POOL_SIZE", "ten", "DATABASE_POOL_SIZE is invalid: input should be a valid integer, "),
        ("DATABASE_URL", "elsewhere", "DATABASE_URL is invalid: a URL is written like "),
        ("VISITS_PER_USER", "often", "VISITS_PER_USER is invalid: a limit is written like 10/minute."),
        ("DATABASE_URL", "mongodb://host/shop", "DATABASE_URL is invalid: a URL is written like "),
        ("EXAMPLE_URL", "example.com", "EXAMPLE_URL is invalid: an address is written like "),
        ("EXAMPLE_URL", "http://host:99999", "EXAMPLE_URL is invalid: an address is written like "),
        ("EXAMPLE_URL", "http://[", "EXAMPLE_URL is invalid: an address is written like "),
        ("PROXIES", "10.0.0.0/8, elsewhere", "PROXIES is invalid: value is not a valid IPv4 or IPv6 network"),
        ("TAGS", "a,b", 'error parsing value for field "tags"'),
        ("EXAMPLE_URL", None, "EXAMPLE_URL is not set. Set it in the environment or in .env."),
    ],
)
def test_invalid_setting_stops_the_start_with_a_sentence(
    variable: str,
    value: str | None,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The sentence names the variable and what is allowed; the value may be a secret and is not repeated."""
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)
    assert start() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(sentence)


def test_each_invalid_setting_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All wrong settings of a class are reported together."""
    monkeypatch.setenv("VISITS_PER_USER", "often")
    monkeypatch.delenv("EXAMPLE_URL")
    assert start() == 1
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == [
        "VISITS_PER_USER",
        "EXAMPLE_URL",
    ]


def test_an_empty_optional_setting_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A required one must have a value."""
    monkeypatch.setenv("OTHER_URL", "")
    assert start() == 0
    monkeypatch.setenv("EXAMPLE_URL", "")
    assert start() == 1


def test_valid_settings_start() -> None:
    """The command runs."""
    assert start() == 0
