"""JSON Schemas of events."""

from typing import Any

import msgspec


def schema_of(payload: Any, title: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an event's payload type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **msgspec.json.schema(payload),
    }
