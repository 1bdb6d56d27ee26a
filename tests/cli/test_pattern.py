"""`blueprint pattern list` and `blueprint pattern show`."""

from pathlib import Path

from blueprint.patterns import list_patterns

from .running import blueprint


def test_list_shows_every_built_in_pattern(here: Path) -> None:
    """Every built-in pattern is listed, as a line and as an object."""
    expected = [
        {"name": p.name, "title": p.title, "summary": p.summary, "version": p.version}
        | {"kind": "native", "source": "blueprint"}
        for p in list_patterns()
    ]
    assert blueprint("pattern", "list", "--json", cwd=here).json == {"patterns": expected, "problems": []}
    lines = blueprint("pattern", "list", cwd=here).out.splitlines()
    assert [line.split()[0] for line in lines] == [pattern["name"] for pattern in expected]


def test_show_explains_every_option(tiny: Path, here: Path) -> None:
    """The help, values, default and condition of each option are shown."""
    shown = blueprint("pattern", "show", tiny, cwd=here).out
    for expected in (
        "Tiny (tiny 1.2.3)",
        "The smallest pattern that has everything.",
        "database: one of postgresql, mysql  [postgresql]",
        "Where the data is.",
        "mysql: MySQL",
        "kubernetes: yes or no  [yes]",
        "replicas: a whole number from 1 to 100  [2]",
        "only when kubernetes",
    ):
        assert expected in shown


def test_the_json_of_show_contains_the_options_as_defined(tiny: Path, here: Path) -> None:
    """The JSON output contains the options as defined, and nothing that only the engine needs."""
    shown = blueprint("pattern", "show", tiny, "--json", cwd=here).json

    assert list(shown["options"]) == ["database", "kubernetes", "domain", "replicas"]
    assert shown["options"]["replicas"] == {
        "type": "integer",
        "question": "How many?",
        "help": "",
        "ask": "never",
        "when": None,
        "default_if": {},
        "validator": None,
        "required": False,
        "secret": False,
        "default": 2,
        "minimum": 1,
        "maximum": 100,
    }
    assert not {"folder", "root", "layers", "values"} & set(shown)
