"""`blueprint pattern init`: create a working starter pattern."""

from pathlib import Path
from typing import Annotated

import typer

from ..parameters import Json


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new pattern.")],
    json: Json = False,
) -> None:
    """Create a small, working pattern to start from."""
    from blueprint.authoring.scaffold import pattern_name, scaffold_pattern
    from blueprint.project import write

    from .. import interrupts
    from ..console import Console
    from ..new.flow import check_target
    from .result import PatternInitResult

    target = folder.absolute()
    name = pattern_name(target.name)
    check_target(target, force=False)
    tree = scaffold_pattern(name)
    write(tree, target, before_commit=interrupts.ignore)
    Console(json=json).result(PatternInitResult(name, folder, tuple(tree)))
