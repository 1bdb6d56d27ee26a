"""Parameters that the commands of `blueprint pattern` share."""

from typing import Annotated

import typer

PatternArgument = Annotated[
    str,
    typer.Argument(
        metavar="DIR",
        help="Folder of the pattern, or REPOSITORY#DIR if it uses shared layers of that repository.",
    ),
]
