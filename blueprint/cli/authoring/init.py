"""`blueprint pattern init`: a small pattern that already works."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new pattern.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a small pattern that already works, to start from."""
    from blueprint.authoring.starting import pattern_name, starter
    from blueprint.project import write

    from .. import interrupts
    from ..console import Console
    from ..making import check_target
    from .results import Started

    target = folder.absolute()
    name = pattern_name(target.name)
    check_target(target, force=False)
    tree = starter(name)
    write(tree, target, seal=interrupts.ignore)
    Console(json=json).result(Started(name, folder, tuple(tree)))
