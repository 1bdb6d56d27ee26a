"""`blueprint pattern pack`: one file to give away."""

from pathlib import Path
from typing import Annotated

import typer

from .check import Where

Flag = typer.Option


def pack(
    where: Where = ".",
    wheel: Annotated[
        bool, Flag("--wheel", help="Make a Python package, which blueprint finds once it is installed.")
    ] = False,
    output: Annotated[
        Path, Flag("--output", "-o", metavar="DIR", help="The folder to write to.", show_default=False)
    ] = Path(),
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> None:
    """Pack a pattern without problems into a zip file, or into a wheel; shared layers are folded in."""
    from blueprint.authoring import packing
    from blueprint.authoring.roots import place_of

    from ..console import Console
    from .results import Packed

    console = Console(json=json)
    with console.progress("Packing"):
        parcel = packing.pack(place_of(where), output, as_wheel=wheel)
    console.result(Packed(parcel))
