"""Parameters of `blueprint new`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_choice, complete_pattern, complete_setting
from ..parameters import JsonWithoutQuestions

Flag = typer.Option


def new(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Name of the project, such as my-shop.")
    ] = None,
    pattern: Annotated[
        str | None,
        Flag(
            "--pattern",
            "-p",
            metavar="PATTERN",
            help="Name, folder, zip file or Git URL of a pattern.  [default: monolith]",
            autocompletion=complete_pattern,
        ),
    ] = None,
    stack: Annotated[
        str | None,
        Flag(
            metavar="[python|spring]",
            help="Language and framework of the code.",
            autocompletion=complete_choice("stack"),
        ),
    ] = None,
    database: Annotated[
        str | None,
        Flag(
            metavar="[postgresql|mysql]",
            help="Production database.",
            autocompletion=complete_choice("database"),
        ),
    ] = None,
    cache: Annotated[
        str | None,
        Flag(
            metavar="[redis|memcached|memory]",
            help="Shared cache; memory means none.",
            autocompletion=complete_choice("cache"),
        ),
    ] = None,
    auth: Annotated[
        str | None,
        Flag(
            metavar="[jwt|oauth2]",
            help="Accounts in the shop itself, or at an identity provider.",
            autocompletion=complete_choice("auth"),
        ),
    ] = None,
    load_balancer: Annotated[
        str | None,
        Flag(
            metavar="[nginx|haproxy]",
            help="Load balancer in front of the shop.",
            autocompletion=complete_choice("load_balancer"),
        ),
    ] = None,
    kubernetes: Annotated[
        bool | None, Flag("--kubernetes/--no-kubernetes", help="Generate Kubernetes manifests.")
    ] = None,
    host: Annotated[
        str | None,
        Flag(
            metavar="[other|machine|containers]",
            help="Where it runs in production, if not on Kubernetes.",
            autocompletion=complete_choice("host"),
        ),
    ] = None,
    observability: Annotated[
        bool | None, Flag("--observability/--no-observability", help="Add metrics, traces and JSON logs.")
    ] = None,
    sets: Annotated[
        list[str] | None,
        Flag(
            "--set",
            metavar="OPTION=VALUE",
            help="Set any option of the pattern; repeat for more.",
            autocompletion=complete_setting,
        ),
    ] = None,
    answers: Annotated[
        Path | None, Flag("--answers", metavar="FILE", help="YAML file with answers to the options.")
    ] = None,
    needs: Annotated[
        Path | None,
        Flag("--needs", metavar="FILE", help="needs.yaml file: use the recommended pattern and sizes."),
    ] = None,
    output: Annotated[
        Path | None,
        Flag("--output", "-o", metavar="DIR", help="Folder of the project.  [default: ./NAME]"),
    ] = None,
    git: Annotated[
        bool, Flag("--git/--no-git", help="Make the project a git repository, unless it is in one.")
    ] = True,
    into: Annotated[
        Path | None,
        Flag("--into", metavar="PROJECT", help="Add the pattern to this project as a further template."),
    ] = None,
    template: Annotated[
        str | None,
        Flag(
            "--template",
            metavar="NAME",
            help="With --into: name of the template.  [default: that of the pattern]",
        ),
    ] = None,
    yes: Annotated[bool, Flag("--yes", "-y", help="Ask no questions; use the defaults.")] = False,
    dry_run: Annotated[
        bool, Flag("--dry-run", help="Show what would be created, without writing it.")
    ] = False,
    show: Annotated[
        str | None, Flag("--show", metavar="PATH", help="With --dry-run: print this file of the project.")
    ] = None,
    diff: Annotated[
        bool, Flag("--diff", help="With --dry-run: compare a folder that exists with the project.")
    ] = False,
    json: JsonWithoutQuestions = False,
    trust: Annotated[
        str | None,
        Flag("--trust", metavar="DIGEST", help="Let a template with this content digest run its own code."),
    ] = None,
    force: Annotated[
        bool, Flag("--force", help="Add files to a folder that is not empty; existing files stay unchanged.")
    ] = False,
) -> int | None:
    """Create a project from a pattern, or add a pattern to a project.

    With --into, your files are kept, and the exit status is 8 if one needs a decision from you.
    """
    from ..console import Console
    from .flow import NewRequest, run_new

    advice = None
    if needs is not None:
        from ..advice import advice_from

        advice = advice_from(needs, pattern)
    flags = {
        "stack": stack,
        "database": database,
        "cache": cache,
        "auth": auth,
        "load_balancer": load_balancer,
        "kubernetes": kubernetes,
        "host": host,
        "observability": observability,
    }
    request = NewRequest(
        name=name,
        pattern=pattern,
        flags={option: value for option, value in flags.items() if value is not None},
        sets=tuple(sets or ()),
        answers=answers,
        output=output,
        git=git,
        dry_run=dry_run,
        show=show,
        diff=diff,
        force=force,
        trust=trust,
        advice=advice,
        into=into,
        template=template,
    )
    console = Console(json=json)
    ask = console.can_ask and not yes
    if into is None and template is None:
        console.result(run_new(request, console, ask=ask))
        return None
    from .into.flow import run_into

    added = run_into(request, console, ask=ask)
    console.result(added)
    return added.status
