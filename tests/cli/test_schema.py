"""`blueprint schema` and `blueprint skill`: what programs and agents are told."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from blueprint.cli.schema.outputs import OUTPUTS
from tools.reference import commands, error_codes

from .output_schemas import check_output
from .running import blueprint


def schema(here: Path, *verb: str) -> Any:
    """Return the schemas of a command."""
    done = blueprint("schema", *verb, cwd=here)
    assert done.status == 0, done.err
    return done.json


def test_every_command_with_json_has_schemas(here: Path) -> None:
    """Every command that takes --json is listed, with valid schemas of input, output and errors."""
    sections = re.findall(r"^## `blueprint ([a-z ]+)`(.*?)(?=^## |\Z)", commands(), re.DOTALL | re.MULTILINE)
    with_json = {name for name, text in sections if "`--json`" in text}
    found = schema(here)

    assert {*found["verbs"]} == with_json - {"schema"}
    for schemas in (*found["verbs"].values(), {"input": found["files"]["needs.yaml"]}):
        for part in schemas.values():
            Draft202012Validator.check_schema(part)


def test_the_input_schema_has_every_parameter(here: Path) -> None:
    """Arguments are in upper case and options have dashes; choices, lists and required ones are known."""
    new = schema(here, "new")["input"]
    assert new["properties"]["--database"]["enum"] == ["postgresql", "mysql"]
    assert new["properties"]["--set"]["type"] == "array"
    assert new["properties"]["--kubernetes"]["type"] == "boolean"
    assert schema(here, "add")["input"]["required"] == ["KIND", "NAME"]
    assert schema(here, "recommend")["input"]["properties"]["--peak-rps"]["type"] == "number"


def test_the_error_schema_lists_every_code(here: Path) -> None:
    """The codes are those of the reference, and `interrupted`."""
    codes = schema(here, "pattern", "check")["error"]["$defs"]["ErrorOutput"]["properties"]["code"]["enum"]
    assert {*codes} == {*re.findall(r"^\| `([a-z-]+)`", error_codes(), re.MULTILINE), "interrupted"}


def test_files_have_schemas_too(here: Path) -> None:
    """The schema of needs.yaml accepts what `recommend --save` writes."""
    import yaml

    assert blueprint("recommend", "--peak-rps", "900", "--save", "needs.yaml", cwd=here).status == 0
    validator = Draft202012Validator(schema(here, "needs.yaml"))
    validator.validate(yaml.safe_load((here / "needs.yaml").read_text()))
    with pytest.raises(ValidationError):
        validator.validate({"trafic": {}})


def test_an_unknown_command_is_an_error(here: Path) -> None:
    """The error suggests the command that was meant."""
    done = blueprint("schema", "updte", "--json", cwd=here)
    assert (done.status, done.json["error"]["code"]) == (2, "usage")
    assert "did you mean 'update'?" in done.json["error"]["message"]


@pytest.mark.parametrize(
    "out", ['{"project": "shop"}', '{"error": {"code": "x", "message": "", "hint": "", "exit_code": 2}}']
)
def test_an_output_without_its_keys_fails_every_test(out: str) -> None:
    """The runner of all tests of the command line refuses an output that its schema does not describe."""
    with pytest.raises(AssertionError, match="does not follow its schema"):
        check_output(["show", "--json"], out)


@pytest.mark.slow
def test_every_command_of_the_skill_runs(here: Path) -> None:
    """Every command of the skill runs in its order and does what it says, and each named command exists."""
    text = blueprint("skill", cwd=here).out
    blocks = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    lines = [shlex.split(line) for line in blocks.splitlines()]

    assert text.startswith("---\nname: blueprint\ndescription: ")
    assert len(lines) > 10
    for program, *arguments in lines:
        done = blueprint(*arguments, cwd=here)
        assert program == "blueprint"
        assert done.status == 0, (arguments, done.out, done.err)
    named = set(re.findall(r"`blueprint ((?:pattern )?[a-z]+)", text))
    assert named <= {*OUTPUTS}
