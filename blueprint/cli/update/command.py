"""Parameters of `blueprint update`."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def update(
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="Folder of the project, or a folder inside it.")
    ] = Path(),
    template: Annotated[
        str | None,
        Flag("--template", metavar="NAME", help="Template of the project to update.  [default: all]"),
    ] = None,
    sets: Annotated[
        list[str] | None,
        Flag("--set", metavar="OPTION=VALUE", help="Change an answer and keep the others; repeat for more."),
    ] = None,
    pattern: Annotated[
        str | None, Flag("--pattern", "-p", metavar="SOURCE", help="New location of a pattern that moved.")
    ] = None,
    to: Annotated[
        str | None,
        Flag("--to", metavar="VERSION", help="Tag, branch or commit to update to, if the pattern is in Git."),
    ] = None,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="Let a template with this content digest run its own code."),
    ] = None,
    yes: Annotated[
        bool, Flag("--yes", "-y", help="Ask no questions; use the defaults of new options.")
    ] = False,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what would change, without writing it.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask no questions.")] = False,
    force: Annotated[
        bool, Flag("--force", help="Allow a downgrade to an older version of the pattern.")
    ] = False,
) -> int:
    """Apply a newer pattern or other answers to a project.

    Your edits are kept. The exit status is 8 if a file needs a decision from you.
    """
    from ..console import Console
    from .flow import UpdateRequest, run_update

    console = Console(json=json)
    ask = console.can_ask and not yes
    request = UpdateRequest(project, template, tuple(sets or ()), pattern, to, trust, dry_run, ask)
    result = run_update(request, console, force=force)
    console.result(result)
    return result.status
