"""Parameters of `blueprint adopt`."""

from pathlib import Path
from typing import Annotated

import typer

from ..parameters import JsonWithoutQuestions

Flag = typer.Option


def adopt(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="Folder of the project.")] = Path(),
    template: Annotated[
        str,
        Flag(
            "--template",
            metavar="NAME",
            help="Template that --source, --answers and --set are for, in a project of several.",
        ),
    ] = "main",
    source: Annotated[
        str | None,
        Flag(
            "--source",
            "-s",
            metavar="URL@VERSION",
            help="Template that created the project, if the project does not record it.",
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        Flag("--answers", metavar="FILE", help="File of answers, such as ~/.cookiecutter_replay/NAME.json."),
    ] = None,
    sets: Annotated[
        list[str] | None,
        Flag("--set", metavar="OPTION=VALUE", help="Give an answer that is not recorded; repeat for more."),
    ] = None,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="Let a template with this content digest run its own code."),
    ] = None,
    dry_run: Annotated[
        bool, Flag("--dry-run", help="Show what would be recorded, without writing it.")
    ] = False,
    json: JsonWithoutQuestions = False,
) -> None:
    """Adopt a project made by Copier, Cookiecutter or cruft.

    Afterwards `update` and `diff` work for it. Only the folder .blueprint is written. Each answers file of
    Copier becomes a template of the project.
    """
    from ..console import Console
    from .flow import AdoptRequest, Given, run_adopt

    console = Console(json=json)
    given = Given(template, source, answers, tuple(sets or ()))
    request = AdoptRequest(project, given, trust, dry_run, ask=console.can_ask)
    console.result(run_adopt(request, console))
