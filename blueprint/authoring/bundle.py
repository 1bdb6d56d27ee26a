"""Self-contained tree of a pattern: layers from outside of its folder are bundled into it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from blueprint.documents import parse_document
from blueprint.errors import PatternError
from blueprint.patterns import Pattern
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.patterns.model import IncludedLayer
from blueprint.render import File, Tree
from blueprint.render.layers import all_files, layer_folder, read_layer_file

BUNDLED = "_bundled"
"""Directory of bundled layers; their paths in it are those below the root of the pattern."""

_DOCUMENTS = ("README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "CHANGELOG")
"""Files beside the pattern.yaml that are included, with any suffix."""


def bundle(pattern: Pattern) -> Tree:
    """Collect all files that `pattern` needs, with its pattern.yaml at the top. Raises PatternError."""
    own = [layer for layer in pattern.layers if not isinstance(layer, IncludedLayer)]
    layers = [_target(pattern, layer_folder(pattern, layer)) for layer in own]
    included = [_included_target(pattern, text) for text in pattern.include]
    tree = dict(_documents(pattern.folder))
    for layer, target in zip(own, layers, strict=True):
        tree |= _files_in(layer_folder(pattern, layer), target)
    tree |= _programs(pattern, PurePosixPath())
    for each in pattern.included:
        if each.root == pattern.root:
            tree |= _included_files(each)
    text = (pattern.folder / PATTERN_FILE).read_text("utf-8-sig")
    tree[PATTERN_FILE] = File(_redirect(text, pattern, layers, included).encode())
    return dict(sorted(tree.items()))


def _files_in(folder: Path, target: PurePosixPath) -> Tree:
    return {
        str(target / source.path): File(read_layer_file(source), source.executable)
        for source in all_files(folder)
    }


def _programs(pattern: Pattern, target: PurePosixPath) -> Tree:
    """The scripts and briefs of `pattern`, which are in its folder."""
    scripts = [*(each.script for each in pattern.tasks), *(each.script for each in pattern.migrations)]
    paths = filter(None, (*scripts, *(each.brief for each in pattern.migrations)))
    return {
        str(target / os.path.normpath(path)): File((pattern.folder / path).read_bytes()) for path in paths
    }


def _included_files(pattern: Pattern) -> Tree:
    """The files of an included pattern from the same root, where they keep their relative paths."""
    home = PurePosixPath(BUNDLED)
    target = home / pattern.folder.relative_to(pattern.root)
    tree = {str(target / PATTERN_FILE): File((pattern.folder / PATTERN_FILE).read_bytes())}
    tree |= _programs(pattern, target)
    for layer in pattern.layers:
        if not isinstance(layer, IncludedLayer):
            folder = layer_folder(pattern, layer)
            tree |= _files_in(folder, home / folder.relative_to(pattern.root))
    return tree


def _included_target(pattern: Pattern, text: str) -> str:
    """What `include` says in the bundle: a path in it, or the name of another package."""
    if "/" not in text and text not in (".", ".."):
        return text
    folder = Path(os.path.normpath(pattern.folder / text))
    return str(PurePosixPath(BUNDLED, folder.relative_to(pattern.root)))


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


def _redirect(text: str, pattern: Pattern, layers: list[PurePosixPath], included: list[str]) -> str:
    """Replace the paths of bundled layers and patterns in a pattern.yaml; the rest stays, with comments."""
    document = parse_document(text)
    changes = [
        (document.span(["layers", index, "from"]), str(target))
        for index, target in enumerate(layers)
        if os.path.normpath(pattern.layers[index].source) != str(target)
    ]
    changes += [
        (document.span(["include", index]), target)
        for index, target in enumerate(included)
        if pattern.include[index] != target
    ]
    for (start, end), target in sorted(changes, reverse=True):
        text = f"{text[:start]}{json.dumps(target, ensure_ascii=False)}{text[end:]}"
    return text
