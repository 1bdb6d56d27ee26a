"""Parameters that the sub-verbs share."""

from typing import Annotated

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


PatternArgument = Annotated[
    str,
    typer.Argument(
        metavar="DIR",
        help="The folder of the pattern, or REPOSITORY#DIR if it shares layers with others there.",
    ),
]
