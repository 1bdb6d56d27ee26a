"""Compatibility of the event contracts with those of a commit: `compatibility.py main` lists what is not.

A contract is a JSON Schema in `contracts/` of one version of an event.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
FOLDER = PROJECT / "contracts"
DOCUMENT = "asyncapi.json"
Schema = Mapping[str, Any]
Schemas = dict[str, dict[str, Any]]


def check(commit: str) -> int:
    """Print what is incompatible with the contracts in a commit; return the exit code."""
    found = list(incompatible(committed(commit), stored()))
    print("\n".join(found) or "All contracts are compatible.")
    if found:
        print("Publish the change as a new version, and convert old events where they are consumed.")
    return 1 if found else 0


def incompatible(old: Schemas, new: Schemas) -> Iterator[str]:
    """Return the incompatible changes of the schemas; topics keep events of every version.

    Updated consumers read old events, and consumers that are not yet updated read new ones.
    """
    for name, schema in old.items():
        if name not in new:
            yield f"{name}: topics contain such events, so the schema must not be deleted"
            continue
        yield from (
            f"{name}: new consumers cannot read old events: {why}" for why in breaks(schema, new[name])
        )
        yield from (
            f"{name}: old consumers cannot read new events: {why}" for why in breaks(new[name], schema)
        )


def stored(folder: Path = FOLDER) -> Schemas:
    """Return the schemas in the folder by name, including old versions."""
    paths = (path for path in folder.glob("*.json") if path.name != DOCUMENT)
    return {path.stem: json.loads(path.read_text()) for path in paths}


def committed(commit: str) -> Schemas:
    """Return the schemas in a commit, by name; empty if it has none."""
    names = _git("ls-tree", "--name-only", commit, f"{FOLDER.name}/").splitlines()
    paths = [Path(name) for name in names if name.endswith(".json") and not name.endswith(DOCUMENT)]
    return {path.stem: json.loads(_git("show", f"{commit}:./{path.as_posix()}")) for path in paths}


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=PROJECT, check=True, text=True, stdout=-1).stdout


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return the reasons why data valid for `old` may be invalid for `new`; empty if they are compatible.

    Supports what contracts have: types, properties, items, enums, alternatives and references.
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


if __name__ == "__main__":
    sys.exit(check(*sys.argv[1:]))
