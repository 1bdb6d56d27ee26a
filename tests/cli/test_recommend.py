"""Tests of `blueprint recommend` without a terminal: flags, files, JSON and errors."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from blueprint.cli.recommend.command import recommend
from blueprint.needs.inputs import inputs
from tests.patterns_on_disk import tiny, write_pattern

from .running import blueprint, in_process


def flag(name: str, value: Any) -> list[str]:
    """Return the flag that sets an input to a value."""
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", str(value)]


def test_every_input_has_a_flag() -> None:
    """Every input has a flag of the same name."""
    parameters = recommend.__annotations__
    assert set(inputs()) <= set(parameters)


def test_every_flag_sets_its_input(here: Path) -> None:
    """Each flag, with a value that is not the default, sets its input."""
    given: dict[str, Any] = {}
    for name, spec in inputs().items():
        steps = spec.steps()
        given[name] = next(s for s in steps if s != spec.default) if steps else (spec.default or 0) * 2 or 9
    given |= {"read_fraction": 0.5, "availability": 99.0, "catalogue_skew": 1.5}
    arguments = [part for name, value in given.items() for part in flag(name, value)]
    answered = blueprint("recommend", *arguments, "--json", cwd=here).json
    assert {name: answered["needs"][name] for name in given} == given
    assert answered["assumed"] == ["flows"]


def test_without_a_terminal_nothing_is_asked(here: Path) -> None:
    """Without a terminal, every answer is assumed and there is a recommendation."""
    shown = blueprint("recommend", cwd=here)
    assert shown.status == 0
    assert "Modular monolith" in shown.out
    assert "Review this decision when" in shown.out


def test_flags_override_the_file_and_the_file_overrides_the_preset(here: Path) -> None:
    """A flag has priority over the needs file, and the file over the preset."""
    (here / "needs.yaml").write_text("team: {engineers: 40, teams: 5}\n")
    arguments = ["--preset", "small-shop", "--needs", "needs.yaml", "--teams", "6"]
    needs = blueprint("recommend", *arguments, "--json", cwd=here).json["needs"]
    assert (needs["data_gb"], needs["engineers"], needs["teams"]) == (5, 40, 6)


def test_a_summary_flag_replaces_the_flows_of_a_preset(here: Path) -> None:
    """A flag that summarizes the flows replaces the flows of a preset."""
    arguments = ["--preset", "small-shop", "--cross-module-tx", "many", "--json"]
    assert blueprint("recommend", *arguments, cwd=here).json["needs"]["cross_module_tx"] == "many"


def test_the_same_needs_give_the_same_output(here: Path) -> None:
    """Two runs with the same needs print the same bytes."""
    runs = {blueprint("recommend", "--preset", "marketplace", "--json", cwd=here).out for _ in range(2)}
    assert len(runs) == 1


def test_saved_needs_give_the_same_recommendation(here: Path) -> None:
    """The file that --save writes holds every answer."""
    flags = ["--peak-rps", "900", "--engineers", "30", "--replay"]
    first = blueprint("recommend", *flags, "--save", "needs.yaml", "--json", cwd=here).json
    second = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json
    assert first.pop("written") == ["needs.yaml"]
    assert second.pop("written") == []
    assert first == second


def test_documents_are_written_to_the_given_paths(here: Path) -> None:
    """A decision record, a second one in a close call, and an HTML page are written."""
    arguments = ["--preset", "growing-shop", "--engineers", "90", "--adr", "0001.md", "--html", "page.html"]
    shown = blueprint("recommend", *arguments, cwd=here)
    assert {path.name for path in here.iterdir()} == {"0001.md", "0001-or-microservices.md", "page.html"}
    assert "Wrote 0001-or-microservices.md" in shown.out


def test_prices_can_be_replaced(here: Path) -> None:
    """A price file or the article's prices replace the list prices; the latter have a caveat."""
    (here / "prices.yaml").write_text("roles: {aws: {control_plane: {usd_h: 10}}}\n")
    usual, own, article = (
        blueprint("recommend", "--host", "kubernetes", *prices, "--json", cwd=here).json
        for prices in ([], ["--prices", "prices.yaml"], ["--prices", "article"])
    )
    assert own["costs"][0]["base"] == pytest.approx(usual["costs"][0]["base"] + 730 * 9.9, abs=0.02)
    assert article["prices"] == "article"
    assert any("the article's claim" in warning for warning in article["costs"][0]["warnings"])


@pytest.mark.slow
def test_the_published_cases_are_shown(here: Path) -> None:
    """--cases prints the published cases as a table or as JSON."""
    assert (
        "This is a regression set, not a measure of accuracy"
        in blueprint("recommend", "--cases", cwd=here).out
    )
    cases = blueprint("recommend", "--cases", "--json", cwd=here).json
    assert cases["predictors"]["model"]["lenient_of"] == 38


def test_the_output_is_valid_by_the_printed_schema(here: Path) -> None:
    """The JSON output of the command is valid by the schema that `blueprint schema` prints."""
    schema = json.loads(blueprint("schema", "recommend", cwd=here).out)["output"]
    answered = blueprint("recommend", "--preset", "marketplace", "--save", "needs.yaml", "--json", cwd=here)
    jsonschema.validate(answered.json, schema)


def test_the_former_flag_is_still_read(here: Path) -> None:
    """The former flag --independent-deploy, no longer shown by help, gives the share of waiting changes."""
    answered = blueprint("recommend", "--independent-deploy", "required", "--json", cwd=here).json
    assert answered["needs"]["waiting_percent"] == 60
    assert "--independent-deploy" not in blueprint("recommend", "--help", cwd=here).out


def test_explain_names_sources(here: Path) -> None:
    """--explain prints the sources of the terms and the assumed answers."""
    shown = blueprint("recommend", "--explain", cwd=here, env={"COLUMNS": "200"}).out
    assert "Conway" in shown
    assert "Assumed answers" in shown


RECOMMEND = {
    "terms": [{"name": "liking", "points": 9, "why": "the author likes it"}],
    "capacity": {"deployables": 2},
}


def test_a_template_authors_pattern_competes(here: Path) -> None:
    """A pattern with a `recommend:` section competes and can win."""
    write_pattern(here / "mine", tiny(name="mine", recommend=RECOMMEND))
    answered = blueprint("recommend", "--pattern", "mine", "--json", cwd=here).json
    assert answered["pattern"] == "mine"
    assert len(answered["sizes"]["mine"]["services"]) == 2


BAD: list[tuple[list[str], int, str, str]] = [
    (["--mean-rps", "-5"], 7, "bad-needs", "--mean-rps: -5.0 is out of range"),
    (["--peak-rps", "nan"], 7, "bad-needs", "--peak-rps: nan is not a number"),
    (["--peak-rps", "1e12"], 7, "bad-needs", "--peak-rps"),
    (["--peak-rps", "many"], 2, "usage", "--peak-rps"),
    (["--read-fraction", "1.2"], 7, "bad-needs", "--read-fraction: 1.2 is out of range"),
    (["--mean-rps", "10", "--peak-rps", "5"], 7, "bad-needs", "--peak-rps: 5 req/s is below mean_rps"),
    (["--workload", "streamin"], 7, "bad-needs", "did you mean 'streaming'"),
    (["--cloud", "ibm"], 7, "bad-needs", "--cloud"),
    (["--preset", "smal-shop"], 7, "bad-needs", "did you mean 'small-shop'"),
    (["--peek-rps", "5"], 2, "usage", "--peek-rps"),
    (["--needs", "none.yaml"], 7, "bad-needs", "none.yaml: No such file"),
    (["--needs", "typo.yaml"], 7, "bad-needs", "traffic.peek_rps: unknown name; did you mean 'peak_rps'"),
    (["--needs", "bomb.yaml"], 7, "bad-needs", "alias"),
    (["--needs", "huge.yaml"], 7, "bad-needs", "larger"),
    (["--needs", "binary.yaml"], 7, "bad-needs", "UTF-8"),
    (["--prices", "none.yaml"], 7, "bad-prices", "none.yaml"),
    (["--measured", "none.yaml"], 7, "bad-measurement", "none.yaml"),
    (["--measured", "typo.yaml"], 7, "bad-measurement", "`patterns:` is missing"),
    (["--pattern", "none"], 4, "unknown-pattern", "none"),
    (["--pattern", "plain"], 4, "bad-terms", "tiny: recommend"),
    (["--save", "none/needs.yaml"], 6, "disk", "cannot write none/needs.yaml"),
]


@pytest.mark.parametrize(("arguments", "status", "code", "says"), BAD)
def test_an_invalid_input_gives_one_clear_error(
    here: Path, arguments: list[str], status: int, code: str, says: str
) -> None:
    """An invalid input gives one error with a stable code and status, and writes nothing."""
    (here / "typo.yaml").write_text("traffic: {peek_rps: 5}\n")
    levels = "".join(f"l{n}: &l{n} [*l{n - 1}, *l{n - 1}]\n" for n in range(1, 30))
    (here / "bomb.yaml").write_text(f"l0: &l0 [x]\n{levels}")
    (here / "huge.yaml").write_text("# " + "x" * 300_000)
    (here / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    write_pattern(here / "plain")
    before = sorted(here.iterdir())
    error = blueprint("recommend", *arguments, "--json", cwd=here)
    shown = json.loads(error.out)["error"]
    assert (error.status, shown["code"]) == (status, code)
    assert says in shown["message"]
    assert sorted(here.iterdir()) == before


def test_two_documents_for_one_file_are_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second one would replace the first, and only one would be reported."""
    file = str(here / "needs.yaml")
    done = in_process("recommend", "--yes", "--save", file, "--html", file, capsys=capsys)
    assert (done.status, done.err.splitlines()[0]) == (
        2,
        f"Error: --save and --html name the same file: {file}",
    )
    assert not (here / "needs.yaml").exists()


def test_saved_needs_are_yaml_with_comments(here: Path) -> None:
    """Saved needs contain the answers as YAML and each question as a comment."""
    blueprint("recommend", "--engineers", "12", "--save", "needs.yaml", cwd=here)
    text = (here / "needs.yaml").read_text()
    assert yaml.safe_load(text)["team"] == {"engineers": 12}
    assert "# How many engineers work on this system?" in text
