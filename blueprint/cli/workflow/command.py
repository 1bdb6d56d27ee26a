"""`blueprint workflow`: print a workflow that updates a project, or checks its capacity."""

from pathlib import Path
from typing import Annotated

import typer

WORKFLOWS = ("update", "capacity")


def workflow(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[update|capacity]",
            help="update: a pull request each week; capacity: `recommend --check` for each pull request.",
            autocompletion=lambda: [*WORKFLOWS],
        ),
    ] = "update",
) -> None:
    """Print a GitHub Actions workflow for updates or capacity.

    The first runs every week and opens a pull request that says what changed, why, and what waits for you.
    The second fails if the manifests of a pull request do not meet the needs. Save it as
    .github/workflows/update.yml or .github/workflows/capacity.yml.
    """
    from blueprint.errors import UsageError

    from ..console import Console

    if name not in WORKFLOWS:
        raise UsageError(f"there is no workflow {name!r}", hint=f"Known workflows: {', '.join(WORKFLOWS)}.")
    Console().line(Path(__file__).with_name(f"{name}.yml").read_text("utf-8").rstrip("\n"))
