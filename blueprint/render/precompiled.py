"""Compiles the templates of the built-in patterns when the wheel is built."""

from contextlib import suppress

from jinja2 import BytecodeCache, TemplateSyntaxError

from blueprint.patterns.loading import list_patterns
from blueprint.templating import Sandbox, compiled_path

from .layers import PARTS, SUFFIX, all_files, layer_folder


def compile_built_in() -> dict[str, str]:
    """Compile the templates of the built-in patterns; return the text of each module by its path.

    The path is relative to `COMPILED`. A fragment that is not a template is left out.
    """
    sandbox, cache = Sandbox(), BytecodeCache()
    compiled = {}
    for folder in {layer_folder(pattern, layer) for pattern in list_patterns() for layer in pattern.layers}:
        for file in all_files(folder):
            if file.path.endswith(SUFFIX) or PARTS in file.path.split("/"):
                source = file.location.read_text("utf-8")
                key = cache.get_cache_key(file.path, cache.get_source_checksum(source))
                with suppress(TemplateSyntaxError):
                    compiled[compiled_path(key)] = sandbox.compile(source, file.path, raw=True)
    return compiled
