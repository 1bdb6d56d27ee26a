"""Parameters of `blueprint pattern preview`."""

from typing import Annotated

import typer

from ...parameters import Json
from ..flags import PatternArgument

Flag = typer.Option


def preview(
    where: PatternArgument = ".",
    sets: Annotated[
        list[str] | None, Flag("--set", metavar="OPTION=VALUE", help="Set an option; repeat for more.")
    ] = None,
    file: Annotated[
        str | None, Flag("--file", metavar="PATH", help="Show the content of this file of the project.")
    ] = None,
    watch: Annotated[
        bool, Flag("--watch", help="Show it again whenever a file of the pattern is saved, until Ctrl-C.")
    ] = False,
    json: Json = False,
) -> None:
    """Show the project that a pattern renders.

    Nothing is written. The project has the defaults, except for the options that --set names.
    """
    from ...console import Console
    from .flow import PreviewRequest, preview_pattern, watch_pattern

    console = Console(json=json)
    request = PreviewRequest(where, tuple(sets or ()), file)
    if watch and not json:
        watch_pattern(request, console)
    else:
        console.result(preview_pattern(request))
