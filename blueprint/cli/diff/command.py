"""Parameters of `blueprint diff`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_project_setting
from ..parameters import Json, ProjectFolder

Flag = typer.Option


def diff(
    project: ProjectFolder = Path(),
    template: Annotated[
        str | None,
        Flag("--template", metavar="NAME", help="Template of the project to compare with.  [default: all]"),
    ] = None,
    update: Annotated[bool, Flag("--update", help="Show what `blueprint update` would change.")] = False,
    sets: Annotated[
        list[str] | None,
        Flag(
            "--set",
            metavar="OPTION=VALUE",
            help="With --update: change an answer.",
            autocompletion=complete_project_setting,
        ),
    ] = None,
    pattern: Annotated[
        str | None,
        Flag("--pattern", "-p", metavar="SOURCE", help="With --update: new location of the pattern."),
    ] = None,
    to: Annotated[
        str | None, Flag("--to", metavar="VERSION", help="With --update: a tag, branch or commit.")
    ] = None,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="With --update: let the template run its own code."),
    ] = None,
    json: Json = False,
) -> None:
    """Show your edits, or what an update would change.

    Only files that blueprint generated are compared; files that you added are not shown.
    """
    from ..console import Console
    from ..update.flow import UpdateRequest
    from .flow import diff_edits, diff_update

    console = Console(json=json)
    if update:
        request = UpdateRequest(project, template, tuple(sets or ()), pattern, to, trust, dry_run=True)
        console.result(diff_update(request, console))
    else:
        console.result(diff_edits(UpdateRequest(project, template)))
