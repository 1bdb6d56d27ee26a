"""`blueprint adopt`: take over a project that Copier or Cookiecutter made."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def adopt(
    project: Annotated[Path, typer.Argument(help="The folder of the project.")] = Path(),
    source: Annotated[
        str | None,
        Flag("--source", "-s", help="What made it (URL@version), if the project does not say so itself."),
    ] = None,
    answers: Annotated[
        Path | None,
        Flag("--answers", help="A file with the answers, such as ~/.cookiecutter_replay/NAME.json."),
    ] = None,
    sets: Annotated[
        list[str] | None, Flag("--set", metavar="OPTION=VALUE", help="An answer that is recorded nowhere.")
    ] = None,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="Let a template with this content run code of its own."),
    ] = None,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what is found, and write nothing.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask nothing.")] = False,
) -> None:
    """Take over a project that Copier, Cookiecutter or cruft made, so that `update` and `diff` work for it.

    Only the folder .blueprint is written.
    """
    from ..console import Console
    from .flow import AdoptRequest, run_adopt

    console = Console(json=json)
    request = AdoptRequest(project, source, answers, tuple(sets or ()), trust, dry_run, ask=console.can_ask)
    console.result(run_adopt(request, console))
