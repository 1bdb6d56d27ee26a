"""Parameters of `blueprint remove`."""

from pathlib import Path
from typing import Annotated

import typer

from ..parameters import DryRun, JsonWithoutQuestions, ProjectFolder

Flag = typer.Option


def remove(
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help="Name of the template, as `blueprint show` lists it.")
    ],
    project: ProjectFolder = Path(),
    yes: Annotated[bool, Flag("--yes", "-y", help="Ask no questions.")] = False,
    dry_run: DryRun = False,
    json: JsonWithoutQuestions = False,
) -> int:
    """Remove a template that `new --into` added to a project.

    Its files are deleted, except for those that you edited or another template writes. The exit status is 8
    if a file needs a decision from you.
    """
    from ..console import Console
    from .flow import RemoveRequest, run_remove

    console = Console(json=json)
    result = run_remove(RemoveRequest(project, template, dry_run, console.can_ask and not yes), console)
    console.result(result)
    return result.status
