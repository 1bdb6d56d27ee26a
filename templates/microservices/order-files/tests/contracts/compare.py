"""Comparison of a consumer's expectation with a provider's OpenAPI document."""

import re
from collections.abc import Iterator
from typing import Any

from .schemas import Schema, request_mismatches, resolved, response_mismatches

JSON = "application/json"


def mismatches(expectation: dict[str, Any], document: Schema) -> Iterator[str]:
    """Yield the mismatches between one recorded call and the provider's OpenAPI document."""
    call = f"{expectation['client']}: {expectation['method'].upper()} {expectation['path']}"
    operation = _operation(expectation, document)
    if operation is None:
        yield f"{call}: the provider has no such operation"
        return
    for parameter in operation.get("parameters", []):
        if parameter["in"] != "query":
            continue
        if parameter["name"] in expectation["query"]:
            yield from request_mismatches(expectation["query"][parameter["name"]], parameter["schema"], call)
        elif parameter["required"]:
            yield f"{call}: the parameter {parameter['name']} is required but not sent"
    if "requestBody" in operation:
        required = operation["requestBody"]["content"][JSON]["schema"]
        yield from request_mismatches(expectation["body"], required, f"{call}: body")
    yield from _response_mismatches(expectation["answer"], operation["responses"], call)


def _operation(expectation: dict[str, Any], document: Schema) -> Schema | None:
    for template, operations in document["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, expectation["path"]) and expectation["method"] in operations:
            operation: Schema = resolved(operations[expectation["method"]], document)
            return operation
    return None


def _response_mismatches(expected: Schema | None, responses: Schema, call: str) -> Iterator[str]:
    success = {status: each for status, each in responses.items() if status.startswith("2")}
    if expected is None:
        if success.keys() != {"204"}:
            yield f"{call}: the consumer expects no content, the provider offers {sorted(success)}"
    elif "200" not in success:
        yield f"{call}: the consumer expects 200, the provider offers {sorted(success)}"
    else:
        offered = success["200"]["content"][JSON]["schema"]
        yield from response_mismatches(offered, resolved(expected, expected), f"{call}: response")
