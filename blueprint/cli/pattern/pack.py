"""`blueprint pattern pack`: package a pattern for others."""

from pathlib import Path
from typing import Annotated

import typer

from ..parameters import Json
from .flags import PatternArgument

Flag = typer.Option


def pack(
    where: PatternArgument = ".",
    wheel: Annotated[
        bool, Flag("--wheel", help="Build a Python package; once installed, blueprint finds it.")
    ] = False,
    output: Annotated[
        Path, Flag("--output", "-o", metavar="DIR", help="Folder to write to.", show_default=False)
    ] = Path(),
    json: Json = False,
) -> None:
    """Pack a pattern into a zip file or a wheel.

    The pattern must pass its check. Layers that it shares with others are bundled.
    """
    from blueprint.authoring import package
    from blueprint.authoring.pattern_location import pattern_location

    from ..console import Console
    from .result import PatternPackResult

    console = Console(json=json)
    with console.progress("Packing"):
        packed = package.pack(pattern_location(where), output, as_wheel=wheel)
    console.result(PatternPackResult(packed))
