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
    """Show the templates of a project and their answers.

    Each template has a version and a source. Files that several templates write are listed.
    """
    from blueprint.project.load import find_project, load_templates

    from ..console import Console
    from .result import ShowResult

    Console(json=json).result(ShowResult(load_templates(find_project(project))))
