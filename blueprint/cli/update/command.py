"""`blueprint update`: a newer pattern or other answers for a project that is there, with its edits kept."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def update(
    project: Annotated[Path, typer.Argument(help="The folder of the project, or one inside it.")] = Path(),
    sets: Annotated[
        list[str] | None, Flag("--set", metavar="OPTION=VALUE", help="Change an answer; the others stay.")
    ] = None,
    pattern: Annotated[
        str | None, Flag("--pattern", "-p", help="Where the pattern is now, if it has moved.")
    ] = None,
    to: Annotated[
        str | None, Flag("--to", metavar="VERSION", help="A tag, branch or commit of a pattern in git.")
    ] = None,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="Let a template with this content run code of its own."),
    ] = None,
    yes: Annotated[bool, Flag("--yes", "-y", help="Ask nothing; new options take their defaults.")] = False,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what would change, and change nothing.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask nothing.")] = False,
    force: Annotated[bool, Flag("--force", help="Go back to an older version of the pattern.")] = False,
) -> int:
    """Bring a project up to its pattern, or to other answers, and keep all edits.

    The exit status is 8 if a file needs your decision.
    """
    from ..console import Console
    from .flow import UpdateRequest, run_update

    console = Console(json=json)
    request = UpdateRequest(project, pattern, to, trust, dry_run, ask=console.can_ask and not yes)
    updated = run_update(request, console, sets=tuple(sets or ()), force=force)
    console.result(updated)
    return updated.status
