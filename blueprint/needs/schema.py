"""The JSON Schema of needs.yaml, for editors."""

from collections.abc import Mapping
from typing import Any

from blueprint.needs.file import FORMAT
from blueprint.needs.inputs import Input, groups, inputs
from blueprint.needs.model import CONSISTENCY_LEVELS


def json_schema() -> Mapping[str, Any]:
    """The schema, made from the inputs; the copy in data/needs.schema.json is tested to be equal."""
    properties: dict[str, Any] = {"format": {"const": FORMAT}}
    for group in groups().values():
        rows = {spec.name: _input(spec) for spec in inputs().values() if spec.group == group.name}
        if group.name == "consistency":
            rows["flows"] = _flows()
        properties[group.name] = {
            "title": group.title,
            "type": ["object", "null"],
            "properties": rows,
            "additionalProperties": False,
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "blueprint needs",
        "description": "What a system needs, for `blueprint recommend --needs FILE`.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _input(spec: Input) -> Mapping[str, Any]:
    unit = f" In {spec.unit}." if spec.unit else ""
    words = {"title": spec.question, "description": f"{spec.help}{unit}", "default": spec.default}
    if spec.type == "choice":
        return {**words, "enum": [*spec.choices, None]}
    if spec.type == "boolean":
        return {**words, "type": ["boolean", "null"]}
    return {**words, "type": [spec.type, "null"], "minimum": spec.minimum, "maximum": spec.maximum}


def _flows() -> Mapping[str, Any]:
    return {
        "title": "Which flows are there, how consistent must each be, and which modules does it touch?",
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["name", "level", "modules"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 80},
                "kind": {"enum": ["read", "write"], "default": "write"},
                "level": {"enum": list(CONSISTENCY_LEVELS)},
                "modules": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
            },
        },
    }
