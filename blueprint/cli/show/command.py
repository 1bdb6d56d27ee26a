"""Parameters of `blueprint show`."""

from pathlib import Path

import typer

from ..parameters import Json, ProjectFolder

Flag = typer.Option


def show(
    project: ProjectFolder = Path(),
    json: Json = False,
) -> None:
    """Show the templates of a project and their answers.

    Each template has a version and a source. Files that several templates write are listed.
    """
    from blueprint.project.load import find_project, load_templates

    from ..console import Console
    from .result import ShowResult

    Console(json=json).result(ShowResult(load_templates(find_project(project))))
