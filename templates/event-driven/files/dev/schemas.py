"""JSON Schemas of events, and whether a change of one is compatible."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

Schema = Mapping[str, Any]


def schema_of(payload: Any, title: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an event's payload type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **msgspec.json.schema(payload),
    }


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return the reasons why data valid for `old` may be invalid for `new`; empty if they are compatible.

    Supports what `msgspec` generates: types, properties, items, enums, alternatives and references.
    """
    return sorted(set(_Comparison(old, new).breaks(old, new, "")))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str]] = set()

    def breaks(self, old: Schema, new: Schema, path: str) -> Iterable[str]:
        references = (str(old.get("$ref")), str(new.get("$ref")))
        if "$ref" in old and "$ref" in new:
            if references in self._seen:
                return
            self._seen.add(references)
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        choices = _choices(new)
        for choice in _choices(old):
            if len(choices) == 1:
                yield from self._one(choice, choices[0], path)
            elif all(list(self._one(choice, other, path)) for other in choices):
                yield f"{path or '/'}: {_kind(choice)} is no longer allowed"

    def _one(self, old: Schema, new: Schema, path: str) -> Iterable[str]:
        if "$ref" in old or "$ref" in new:
            yield from self.breaks(old, new, path)
            return
        if _kind(new) != "anything" and _kind(old) not in _accepted(_kind(new)):
            yield f"{path or '/'}: {_kind(old)} became {_kind(new)}"
            return
        yield from self._values(old, new, path)
        yield from self._properties(old, new, path)
        if "items" in old and "items" in new:
            yield from self.breaks(old["items"], new["items"], f"{path}/*")

    def _values(self, old: Schema, new: Schema, path: str) -> Iterable[str]:
        if "enum" in new:
            gone = set(old["enum"]) - set(new["enum"]) if "enum" in old else {"any value"}
            yield from (f"{path or '/'}: {value} is no longer allowed" for value in sorted(map(str, gone)))
        for name in ("format", "pattern", "minimum", "maximum", "minLength", "maxLength"):
            if name in new and new[name] != old.get(name):
                yield f"{path or '/'}: {name} became {new[name]}"

    def _properties(self, old: Schema, new: Schema, path: str) -> Iterable[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required = set(old.get("required", ()))
        for name in new.get("required", ()):
            if name not in required:
                yield f"{path}/{name}: is now required"
        for name in before.keys() & after.keys():
            yield from self.breaks(before[name], after[name], f"{path}/{name}")
        if new.get("additionalProperties") is False:
            for name in before.keys() - after.keys():
                yield f"{path}/{name}: is no longer allowed"


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def _choices(schema: Schema) -> list[Schema]:
    return list(schema["anyOf"]) if "anyOf" in schema else [schema]


def _kind(schema: Schema) -> str:
    if "type" in schema:
        return str(schema["type"])
    if "enum" in schema:
        return "string" if all(isinstance(value, str) for value in schema["enum"]) else "integer"
    return "anything"


def _accepted(kind: str) -> set[str]:
    return {"number", "integer"} if kind == "number" else {kind}
