"""Self-contained tree of a pattern: layers from outside of its folder are bundled into it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from blueprint.documents import parse_document
from blueprint.errors import PatternError
from blueprint.patterns import Pattern
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.render import File, Tree
from blueprint.render.layers import all_files, layer_folder, read_layer_file

BUNDLED = "_bundled"
"""Directory of bundled layers; their paths in it are those below the root of the pattern."""

_DOCUMENTS = ("README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "CHANGELOG")
"""Files beside the pattern.yaml that are included, with any suffix."""


def bundle(pattern: Pattern) -> Tree:
    """Collect all files that `pattern` needs, with its pattern.yaml at the top. Raises PatternError."""
    folders = [layer_folder(pattern, layer) for layer in pattern.layers]
    targets = [_target(pattern, folder) for folder in folders]
    tree = dict(_documents(pattern.folder))
    for folder, target in zip(folders, targets, strict=True):
        for source in all_files(folder):
            tree[str(target / source.path)] = File(read_layer_file(source), source.executable)
    text = (pattern.folder / PATTERN_FILE).read_text("utf-8-sig")
    tree[PATTERN_FILE] = File(_redirect(text, pattern, targets).encode())
    return dict(sorted(tree.items()))


def _target(pattern: Pattern, folder: Path) -> PurePosixPath:
    """The path in the bundle of the layer in `folder`."""
    if folder.is_relative_to(pattern.folder):
        return PurePosixPath(folder.relative_to(pattern.folder))
    if (pattern.folder / BUNDLED).exists():
        raise PatternError(
            f"cannot bundle shared layers: {pattern.folder / BUNDLED} already exists",
            hint="Rename that folder.",
        )
    return PurePosixPath(BUNDLED, folder.relative_to(pattern.root))


def _documents(folder: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.partition(".")[0].upper() in _DOCUMENTS:
            yield path.name, File(path.read_bytes())


def _redirect(text: str, pattern: Pattern, targets: list[PurePosixPath]) -> str:
    """Replace the `from` of each bundled layer in a pattern.yaml; the rest stays, including comments."""
    document = parse_document(text)
    spans = [document.span(["layers", index, "from"]) for index in range(len(targets))]
    for layer, target, (start, end) in reversed([*zip(pattern.layers, targets, spans, strict=True)]):
        if os.path.normpath(layer.source) != str(target):
            text = f"{text[:start]}{json.dumps(str(target), ensure_ascii=False)}{text[end:]}"
    return text
