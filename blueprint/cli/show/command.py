"""Parameters of `blueprint show`."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def show(
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="Folder of the project, or a folder inside it.")
    ] = Path(),
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the templates of a project: their versions, sources, answers and common files."""
    from blueprint.project.load import find_project, load_templates

    from ..console import Console
    from .result import ShowResult

    Console(json=json).result(ShowResult(load_templates(find_project(project))))
