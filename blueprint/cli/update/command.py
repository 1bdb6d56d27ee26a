"""Parameters of `blueprint update`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..completion import complete_project_setting
from ..parameters import DryRun, JsonWithoutQuestions, NewLocation, ProjectFolder

if TYPE_CHECKING:
    from .check import CheckResult
    from .result import UpdatesResult

Flag = typer.Option


def update(
    project: ProjectFolder = Path(),
    template: Annotated[
        str | None,
        Flag("--template", metavar="NAME", help="Template of the project to update.  [default: all]"),
    ] = None,
    sets: Annotated[
        list[str] | None,
        Flag(
            "--set",
            metavar="OPTION=VALUE",
            help="Change an answer and keep the others; repeat for more.",
            autocompletion=complete_project_setting,
        ),
    ] = None,
    pattern: NewLocation = None,
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
    dry_run: DryRun = False,
    check: Annotated[
        bool, Flag("--check", help="Write nothing; the exit status is 8 if an update is due or unfinished.")
    ] = False,
    report: Annotated[
        Path | None, Flag("--report", metavar="FILE", help="Write a Markdown report, for a pull request.")
    ] = None,
    json: JsonWithoutQuestions = False,
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
    if check:
        from .check import check_update

        result: CheckResult | UpdatesResult = (checked := check_update(request, console, force=force))
        updates = checked.updates
    else:
        result = updates = run_update(request, console, force=force)
    if report is not None and updates is not None:
        from ..output_files import write_text
        from .report import to_markdown

        write_text(report, to_markdown(updates))
    console.result(result)
    return result.status
