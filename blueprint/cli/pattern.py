"""`blueprint pattern`: which patterns there are, and what one can be asked for."""

from typing import Annotated

import typer

from .authoring.check import check
from .authoring.golden import golden
from .authoring.init import init
from .authoring.pack import pack
from .console import Console

app = typer.Typer(help="Show the patterns to choose from.", rich_markup_mode=None, no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("list")
def list_(json: _Json = False) -> None:
    """List the patterns."""
    from blueprint.patterns import list_patterns

    from .results import PatternList

    Console(json=json).result(PatternList(tuple(list_patterns())))


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A pattern, or the folder of one.")], json: _Json = False
) -> None:
    """Show one pattern and its options."""
    from blueprint.patterns import find_pattern

    from .results import PatternDetails

    Console(json=json).result(PatternDetails(find_pattern(name)))


app.command()(init)
app.command()(check)
app.command("test")(golden)
app.command()(pack)
