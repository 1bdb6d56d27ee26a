"""Parameters that several verbs have."""

from pathlib import Path
from typing import Annotated

import typer

ProjectFolder = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="Folder of the project, or a folder inside it.")
]
NewLocation = Annotated[
    str | None,
    typer.Option("--pattern", "-p", metavar="SOURCE", help="New location of a pattern that moved."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, without writing it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
JsonWithoutQuestions = Annotated[
    bool, typer.Option("--json", help="Print one JSON object, and ask no questions.")
]
