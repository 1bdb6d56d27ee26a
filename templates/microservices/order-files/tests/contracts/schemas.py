"""The subset of JSON Schema that contracts need; all schemas are without references."""

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_TYPES: dict[type, str] = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number",
    type(None): "null",
}  # fmt: skip


def resolved(schema: Any, document: Schema) -> Any:
    """Return the schema with all references replaced by their targets; recursion is not supported."""
    if isinstance(schema, list):
        return [resolved(each, document) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        return resolved(target, document)
    return {name: resolved(each, document) for name, each in schema.items() if name != "$defs"}


def request_mismatches(value: Any, schema: Schema, at: str) -> Iterator[str]:
    """Yield the reasons why a provider that expects `schema` rejects `value`."""
    for alternatives in (schema.get("anyOf", []), schema.get("oneOf", [])):
        if alternatives and all(any(request_mismatches(value, each, at)) for each in alternatives):
            yield f"{at}: matches no alternative"
    kind = _TYPES[type(value)]
    if schema.get("type", kind) not in {kind, "number" if kind == "integer" else kind}:
        yield f"{at}: {schema['type']} is required, {kind} is sent"
    elif isinstance(value, dict):
        yield from _object_request_mismatches(value, schema, at)
    elif isinstance(value, list):
        for each in value:
            yield from request_mismatches(each, schema.get("items", {}), f"{at}[]")
    elif isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"
    elif kind == "integer" and value < schema.get("minimum", value):
        yield f"{at}: {value} is below {schema['minimum']}"


def _object_request_mismatches(value: dict[str, Any], schema: Schema, at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name in set(schema.get("required", [])) - value.keys():
        yield f"{at}: {name} is required but not sent"
    for name, each in value.items():
        if name in known:
            yield from request_mismatches(each, known[name], f"{at}.{name}")
        elif others is False:
            yield f"{at}: {name} is sent but unknown"
        elif isinstance(others, dict):
            yield from request_mismatches(each, others, f"{at}.*")


def response_mismatches(offered: Schema, expected: Schema, at: str) -> Iterator[str]:
    """Yield the reasons why responses described by `offered` do not satisfy `expected`."""
    if "anyOf" in offered:
        for each in offered["anyOf"]:
            yield from response_mismatches(each, expected, at)
    elif "anyOf" in expected:
        if all(any(response_mismatches(offered, each, at)) for each in expected["anyOf"]):
            yield f"{at}: matches no expected alternative"
    elif offered.get("type") != expected.get("type"):
        yield f"{at}: {expected.get('type')} is expected, {offered.get('type')} is offered"
    elif expected.get("type") == "array":
        yield from response_mismatches(offered.get("items", {}), expected.get("items", {}), f"{at}[]")
    elif expected.get("type") == "object":
        yield from _object_response_mismatches(offered, expected, at)


def _object_response_mismatches(offered: Schema, expected: Schema, at: str) -> Iterator[str]:
    properties = offered.get("properties", {})
    for name in expected.get("required", []):
        if name not in offered.get("required", []):
            yield f"{at}: {name} is expected but not guaranteed"
    for name, each in expected.get("properties", {}).items():
        if name in properties:
            yield from response_mismatches(properties[name], each, f"{at}.{name}")
    others = expected.get("additionalProperties")
    if isinstance(others, dict):
        yield from response_mismatches(offered.get("additionalProperties") or {}, others, f"{at}.*")
