"""`blueprint pattern`: which patterns there are, and what one can be asked for."""

from typing import Annotated

import typer

from .authoring.check import check
from .authoring.golden import golden
from .authoring.init import init
from .authoring.pack import pack
from .console import Console

app = typer.Typer(
    help="Show, add and make patterns.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_SOURCE = "A folder, a zip file or a git URL: https://host/team/patterns.git@v1.0#folder."


@app.command("list")
def list_(json: _Json = False) -> None:
    """List the patterns, and where they come from."""
    from blueprint.sources import list_patterns

    from .results import PatternList

    Console(json=json).result(PatternList(tuple(list_patterns())))


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A pattern, or the folder, zip file or git URL of one.")],
    json: _Json = False,
) -> None:
    """Show one pattern: its options, where it comes from, and the code that it wants to run."""
    from blueprint.sources import find_pattern

    from .results import PatternDetails

    Console(json=json).result(PatternDetails(find_pattern(name)))


@app.command()
def add(
    source: Annotated[str, typer.Argument(help=_SOURCE)],
    name: Annotated[str | None, typer.Option(help="What to call it, if it is one pattern.")] = None,
    json: _Json = False,
) -> None:
    """Add a pattern to your own, or all that are in one place; again, to renew them."""
    from blueprint.sources.shelf import add_patterns

    from .results import PatternList

    console = Console(json=json)
    with console.progress("Fetching"):
        added = add_patterns(source, name)
    console.result(PatternList(tuple(added), done="Added "))


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="One that you have added.")], json: _Json = False
) -> None:
    """Remove a pattern from your own. Projects made from it stay as they are."""
    from blueprint.sources.shelf import remove_pattern

    from .results import PatternList

    Console(json=json).result(PatternList((remove_pattern(name),), done="Removed "))


app.command()(init)
app.command()(check)
app.command("test")(golden)
app.command()(pack)
