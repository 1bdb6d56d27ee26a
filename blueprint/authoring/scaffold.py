"""Starter pattern for authors: a small, complete and working example."""

import re
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.patterns.model import SCHEMA_FILE
from blueprint.render import File, Tree
from blueprint.render.layers import all_files, read_layer_file

STARTER = Path(__file__).with_name("starter")

MAX_NAME = 64
"""Longest name of a pattern in characters."""


def scaffold_pattern(name: str) -> Tree:
    """The files of a new pattern with this name."""
    tree = {}
    for source in all_files(STARTER):
        content = read_layer_file(source)
        if source.path == PATTERN_FILE:
            title = name.replace("-", " ").capitalize()
            content = content.replace(b"name: starter", f"name: {name}".encode())
            content = content.replace(b"title: Starter", f"title: {title}".encode())
        tree[source.path] = File(content, source.executable)
    # The first line of pattern.yaml names it, so that editors complete and check the file.
    tree[SCHEMA_FILE.name] = File(SCHEMA_FILE.read_bytes())
    return tree


def pattern_name(folder: str) -> str:
    """Derive the name of a pattern (letters, digits, dashes) from its folder. Raises UsageError."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    if not re.match(r"[a-z]", name) or len(name) > MAX_NAME:
        raise UsageError(
            f"{folder!r} is not a valid pattern name",
            hint=f"Use at most {MAX_NAME} letters, digits and dashes, and start with a letter: functions.",
        )
    return name
