"""JSON Schema of needs.yaml, for editors."""

from collections.abc import Mapping
from typing import Any

from blueprint.needs.flows import CONSISTENCY_LEVELS
from blueprint.needs.grouped import FORMAT
from blueprint.needs.inputs import FLOWS_QUESTION, Input, groups, inputs


def json_schema() -> Mapping[str, Any]:
    """Return the schema, generated from the inputs; data/needs.schema.json is a copy of it."""
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
        "description": "Needs of a system, for `blueprint recommend --needs FILE`.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _input(spec: Input) -> Mapping[str, Any]:
    unit = f" Unit: {spec.unit}." if spec.unit else ""
    texts = {"title": spec.question, "description": f"{spec.help}{unit}", "default": spec.default}
    if spec.type == "choice":
        return {**texts, "enum": [*spec.choices, None]}
    if spec.type == "boolean":
        return {**texts, "type": ["boolean", "null"]}
    return {**texts, "type": [spec.type, "null"], "minimum": spec.minimum, "maximum": spec.maximum}


def _flows() -> Mapping[str, Any]:
    return {
        "title": FLOWS_QUESTION,
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
                "share": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            },
        },
    }
