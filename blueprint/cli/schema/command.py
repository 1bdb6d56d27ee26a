"""Parameters of `blueprint schema`."""

from typing import Annotated

import typer


def schema(
    context: typer.Context,
    verb: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VERB]", help="Command such as `update` or `pattern check`, needs.yaml or pattern.yaml."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print errors as JSON, too; schemas always are.")
    ] = False,
) -> None:
    """Print the JSON Schemas of input, output and errors.

    Without VERB, those of every command are printed.
    """
    from ..console import Console
    from .flow import find_schemas

    result = find_schemas(" ".join(verb or ()), context.find_root().command)
    Console(json=True).result(result)
