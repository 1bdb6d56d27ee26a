"""Parameters that the commands of `blueprint pattern` share."""

from typing import Annotated

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


PatternArgument = Annotated[
    str,
    typer.Argument(
        metavar="DIR",
        help="Folder of the pattern, or REPOSITORY#DIR if it uses shared layers of that repository.",
    ),
]
