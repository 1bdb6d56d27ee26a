"""Checks that what `--json` prints is what `blueprint schema` says."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from blueprint.cli.schema.outputs import OUTPUTS, error_schema, output_schema


def check_output(arguments: Sequence[str], out: str) -> None:
    """Check the output of a command with --json, if it is one that has a schema."""
    verb = next((verb for verb in (" ".join(arguments[:2]), *arguments[:1]) if verb in OUTPUTS), None)
    if verb is None or "--json" not in arguments or not out.startswith("{"):
        return
    content = json.loads(out)
    problem = best_match(_validator("" if "error" in content else verb).iter_errors(content))
    assert problem is None, f"{verb} --json does not follow its schema: {problem}"


@cache
def _validator(verb: str) -> Draft202012Validator:
    """Return the schema of a command, or of errors; here, a key that it does not name is a fault."""
    schema = output_schema(verb) if verb else error_schema()
    return Draft202012Validator(_closed(schema))


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed
