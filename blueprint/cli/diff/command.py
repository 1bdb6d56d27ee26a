"""`blueprint diff`: what you have changed in a project, or what an update would."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def diff(
    project: Annotated[Path, typer.Argument(help="The folder of the project, or one inside it.")] = Path(),
    update: Annotated[bool, Flag("--update", help="Show what `blueprint update` would change.")] = False,
    sets: Annotated[
        list[str] | None, Flag("--set", metavar="OPTION=VALUE", help="With --update: change an answer.")
    ] = None,
    pattern: Annotated[
        str | None, Flag("--pattern", "-p", help="With --update: where the pattern is now.")
    ] = None,
    to: Annotated[
        str | None, Flag("--to", metavar="VERSION", help="With --update: a tag, branch or commit.")
    ] = None,
    trust: Annotated[
        str | None, Flag("--trust", metavar="DIGEST", help="With --update: let the template's code run.")
    ] = None,
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show your edits of the files that blueprint made, or with --update what an update would change.

    Files that you added are yours and are not shown.
    """
    from ..console import Console
    from ..update.flow import UpdateRequest
    from .flow import diff_edits, diff_update

    console = Console(json=json)
    if update:
        request = UpdateRequest(project, pattern, to, trust, dry_run=True)
        console.result(diff_update(request, tuple(sets or ()), console))
    else:
        console.result(diff_edits(project))
