"""Checks of the `replace` of layers: texts that occur nowhere, or that are not replaced everywhere."""

from collections.abc import Iterator
from itertools import permutations

from blueprint.render.engine import is_path_template
from blueprint.render.layers import SUFFIX, LayerFile, Replacements, read_layer_file, text_of

from .pattern_sources import PatternSources
from .problems import Problem


def unused_replacements(sources: PatternSources) -> Iterator[Problem]:
    """Find the texts that no file of their layer contains where they would be replaced."""
    for number, layer in enumerate(sources.pattern.layers):
        replacements, unused = Replacements(layer.replace), {*layer.replace}
        for file in sources.files[number][1] if unused else ():
            for text in _searched(file):
                unused -= replacements.found_in(text)
        for text in (text for text in layer.replace if text in unused):
            message = f"the layer {layer.source!r} copies no file with the text {text!r} in it or in its path"
            yield sources.problem("unused-replacement", message, "layers", number, "replace", text)


def replacement_warnings(sources: PatternSources) -> Iterator[Problem]:
    """Warn of texts that are part of others, and of files that contain a text but are not UTF-8 text."""
    for number, layer in enumerate(sources.pattern.layers):
        for text, other in permutations(layer.replace, 2):
            if text in other:
                message = f"the text {text!r} is part of {other!r}, where only the longer one is replaced"
                yield sources.problem("nested-replacement", message, "layers", number, "replace", text)
        for file in sources.files[number][1] if layer.replace else ():
            content = b"" if file.path.endswith(SUFFIX) else read_layer_file(file)
            if text_of(content) is None:
                for text in (text for text in layer.replace if text.encode() in content):
                    message = f"{text!r} is not replaced here, because the file is not UTF-8 text"
                    yield Problem("not-replaced", message, file.location)


def _searched(file: LayerFile) -> Iterator[str]:
    """The texts of a file in which replacements apply: the literal parts of its path, and its content."""
    names = file.path.removesuffix(SUFFIX).split("/")
    yield "/".join("\n" if is_path_template(name) else name for name in names)
    if not file.path.endswith(SUFFIX):
        yield text_of(read_layer_file(file)) or ""
