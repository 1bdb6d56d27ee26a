"""`blueprint new`: from a name to a project on disk."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_choice, complete_pattern

Flag = typer.Option
_NAME = "The name of the project, such as my-shop."


def new(
    name: Annotated[str | None, typer.Argument(help=_NAME)] = None,
    pattern: Annotated[
        str | None,
        Flag(
            "--pattern",
            "-p",
            help="A pattern, or the folder, zip file or git URL of one.  [default: monolith]",
            autocompletion=complete_pattern,
        ),
    ] = None,
    database: Annotated[
        str | None, Flag(help="postgresql or mysql", autocompletion=complete_choice("database"))
    ] = None,
    cache: Annotated[
        str | None, Flag(help="redis, memcached or memory", autocompletion=complete_choice("cache"))
    ] = None,
    auth: Annotated[str | None, Flag(help="jwt or oauth2", autocompletion=complete_choice("auth"))] = None,
    load_balancer: Annotated[
        str | None, Flag(help="nginx or haproxy", autocompletion=complete_choice("load_balancer"))
    ] = None,
    kubernetes: Annotated[bool | None, Flag("--kubernetes/--no-kubernetes", help="Manifests or not")] = None,
    observability: Annotated[
        bool | None, Flag("--observability/--no-observability", help="Metrics, traces and logs or not")
    ] = None,
    sets: Annotated[
        list[str] | None, Flag("--set", metavar="OPTION=VALUE", help="Answer any option of the pattern.")
    ] = None,
    answers: Annotated[Path | None, Flag("--answers", help="A YAML file with answers.")] = None,
    needs: Annotated[
        Path | None,
        Flag("--needs", metavar="FILE", help="A needs.yaml file: take the recommended pattern and sizes."),
    ] = None,
    output: Annotated[
        Path | None, Flag("--output", "-o", help="The folder of the project.  [default: ./NAME]")
    ] = None,
    yes: Annotated[bool, Flag("--yes", "-y", help="Ask nothing; take the defaults.")] = False,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what would be made, and make nothing.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask nothing.")] = False,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="Let a template with this content run code of its own."),
    ] = None,
    force: Annotated[
        bool, Flag("--force", help="Add to a folder that is not empty; no file that is there is changed.")
    ] = False,
) -> None:
    """Make a new project."""
    from ..console import Console
    from .flow import NewRequest, run_new

    advice = None
    if needs is not None:
        from ..advice import advice_from

        advice = advice_from(needs, pattern)
    flags = {
        "database": database,
        "cache": cache,
        "auth": auth,
        "load_balancer": load_balancer,
        "kubernetes": kubernetes,
        "observability": observability,
    }
    request = NewRequest(
        name=name,
        pattern=pattern,
        flags={option: value for option, value in flags.items() if value is not None},
        sets=tuple(sets or ()),
        answers=answers,
        output=output,
        dry_run=dry_run,
        force=force,
        trust=trust,
        advice=advice,
    )
    console = Console(json=json)
    console.result(run_new(request, console, ask=console.can_ask and not yes))
