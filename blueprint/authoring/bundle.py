"""A pattern as one tree that needs nothing else: layers from outside its folder are bundled."""

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import cast

import yaml

from blueprint.errors import PatternError
from blueprint.patterns import Pattern
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.render import File, Tree
from blueprint.render.layers import all_files, layer_folder, read_layer_file

BUNDLED = "_bundled"
"""The folder for layers from outside; below it they lie as they do below the root."""

_DOCUMENTS = ("README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "CHANGELOG")
"""Files beside the pattern.yaml that go with it, with any suffix."""


def bundle(pattern: Pattern) -> Tree:
    """All that is needed to use `pattern`, with its pattern.yaml on top. Raises PatternError."""
    folders = [layer_folder(pattern, layer) for layer in pattern.layers]
    places = [_place(pattern, folder) for folder in folders]
    tree = dict(_documents(pattern.folder))
    for folder, place in zip(folders, places, strict=True):
        for source in all_files(folder):
            tree[str(place / source.path)] = File(read_layer_file(source), source.executable)
    text = (pattern.folder / PATTERN_FILE).read_text("utf-8-sig")
    tree[PATTERN_FILE] = File(_redirect(text, pattern, places).encode())
    return dict(sorted(tree.items()))


def _place(pattern: Pattern, folder: Path) -> PurePosixPath:
    """Where the layer of `folder` goes in the tree."""
    if folder.is_relative_to(pattern.folder):
        return PurePosixPath(folder.relative_to(pattern.folder))
    if (pattern.folder / BUNDLED).exists():
        raise PatternError(
            f"{pattern.folder / BUNDLED} is where shared layers would go", hint="Call that folder otherwise."
        )
    return PurePosixPath(BUNDLED, folder.relative_to(pattern.root))


def _documents(folder: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.partition(".")[0].upper() in _DOCUMENTS:
            yield path.name, File(path.read_bytes())


def _redirect(text: str, pattern: Pattern, places: list[PurePosixPath]) -> str:
    """The pattern.yaml with the new `from` of each layer that moves; all else stays, comments too."""
    root = cast(yaml.Node, yaml.compose(text, yaml.SafeLoader))
    nodes = [_entry(layer, "from") for layer in _entry(root, "layers").value]
    for layer, place, node in reversed([*zip(pattern.layers, places, nodes, strict=True)]):
        if os.path.normpath(layer.source) != str(place):
            start, end = node.start_mark.index, node.end_mark.index
            text = f"{text[:start]}{json.dumps(str(place), ensure_ascii=False)}{text[end:]}"
    return text


def _entry(node: yaml.Node, key: str) -> yaml.Node:
    value: yaml.Node = next(value for name, value in node.value if name.value == key)
    return value
