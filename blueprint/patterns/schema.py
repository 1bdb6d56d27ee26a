"""The JSON Schema of pattern.yaml, for editors and for everybody who writes a pattern."""

from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from .model import PatternFile

SCHEMA_FILE = Path(__file__).with_name("pattern.schema.json")
"""The published schema. A test keeps it equal to `json_schema()`."""


def json_schema() -> dict[str, Any]:
    """The schema that the classes of the model make (JSON Schema 2020-12)."""
    schema = msgspec.json.schema(PatternFile)
    for definition in schema["$defs"].values():
        if "description" in definition:
            # Python before 3.13 leaves the indentation in docstrings.
            definition["description"] = cleandoc(definition["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "blueprint pattern.yaml",
        **schema,
    }
